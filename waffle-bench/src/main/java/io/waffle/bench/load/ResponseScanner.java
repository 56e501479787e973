// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the end of responses whose length their head says, looking at as little as that takes. It keeps the state of one connection, and is
 * used by one thread at a time.
 */
final class ResponseScanner {

    /** As much of a line as is looked at. */
    private static final int LINE = 64;

    private static final byte[] CONTENT_LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONNECTION_CLOSE = "connection: close".getBytes(StandardCharsets.US_ASCII);
    private static final long UNKNOWN = -1;

    private final byte[] line = new byte[LINE];
    private int lineLength;
    private boolean inBody;
    private boolean startSeen;
    private int status;
    private long left = UNKNOWN;
    private boolean closes;

    /** Takes bytes up to the end of a response; true if that was reached, and the next call is for the next response. */
    boolean take(ByteBuffer buf) throws IOException {
        while (!inBody && buf.hasRemaining()) {
            byte b = buf.get();
            if (b == '\n') {
                endOfLine();
            } else if (lineLength < LINE) {
                line[lineLength++] = b;
            }
        }
        if (!inBody) {
            return false;
        }
        int taken = (int) Math.min(left, buf.remaining());
        buf.position(buf.position() + taken);
        left -= taken;
        if (left > 0) {
            return false;
        }
        inBody = false;
        startSeen = false;
        left = UNKNOWN;
        return true;
    }

    /** Whether the last response was one of success. */
    boolean succeeded() {
        return status / 100 == 2;
    }

    /** Whether the server said that it could not answer, whatever was asked for. */
    boolean failed() {
        return status / 100 == 5;
    }

    /** Whether the server has said that it will close the connection. */
    boolean closes() {
        return closes;
    }

    private void endOfLine() throws IOException {
        if (!startSeen) {
            startSeen = true;
            status = statusOf();
        } else if (lineLength <= 1) { // CR alone
            if (left == UNKNOWN) {
                throw new IOException("a response without Content-Length");
            }
            inBody = true;
        } else if (startsWith(CONTENT_LENGTH)) {
            left = lengthOf();
        } else if (startsWith(CONNECTION_CLOSE)) {
            closes = true;
        }
        lineLength = 0;
    }

    private int statusOf() throws IOException {
        if (lineLength < 12) {
            throw new IOException("not a status line: " + text());
        }
        return 100 * (line[9] - '0') + 10 * (line[10] - '0') + line[11] - '0';
    }

    private long lengthOf() throws IOException {
        try {
            return Long.parseLong(text().substring(CONTENT_LENGTH.length).strip());
        } catch (NumberFormatException e) {
            throw new IOException(text(), e);
        }
    }

    private String text() {
        return new String(line, 0, lineLength, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    }

    private boolean startsWith(byte[] lower) {
        if (lineLength < lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            if ((line[i] >= 'A' && line[i] <= 'Z' ? line[i] | 0x20 : line[i]) != lower[i]) {
                return false;
            }
        }
        return true;
    }
}
