// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is looked for in the body of an answer to a check. */
final class ProbeAnswerTest {

    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** A read behind what was sent would have to wait. */
    private static final InputStream WAITS = new InputStream() {
        @Override
        public int read() {
            throw new AssertionError("nobody has to wait for this");
        }
    };

    @Test
    void aTextThatHasComeIsThereThoughTheBodyHasNoEnd() throws IOException {
        assertTrue(answer(CHUNKED + "5\r\nis OK\r\n", WAITS).contains("is OK"));
        assertTrue(answer("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nall is OK", WAITS)
                .contains("is OK"));
    }

    @Test
    void aTextInSeveralPiecesIsOneText() throws IOException {
        assertTrue(
                answer(CHUNKED + "4\r\nalli\r\n1\r\ns\r\n4\r\n OK!\r\n", WAITS).contains("is OK"));
        InputStream drip =
                new ByteArrayInputStream((CHUNKED + "9\r\nall is OK\r\n").getBytes(StandardCharsets.US_ASCII)) {
                    @Override
                    public synchronized int read(byte[] into, int at, int length) {
                        return super.read(into, at, Math.min(1, length));
                    }
                };
        assertTrue(ProbeAnswer.read(drip, false).contains("is OK"));
    }

    @Test
    void aTextThatIsNotThereIsMissedAtTheEndAndABodyThatBreaksOffIsNone() throws IOException {
        assertFalse(answer(CHUNKED + "4\r\nis O\r\n0\r\n\r\n", InputStream.nullInputStream())
                .contains("is OK"));
        assertFalse(answer("HTTP/1.0 200 OK\r\n\r\nis O", InputStream.nullInputStream())
                .contains("is OK"));
        ProbeAnswer broken = answer(CHUNKED + "9\r\nis O", InputStream.nullInputStream());
        assertThrows(EOFException.class, () -> broken.contains("is OK"));
    }

    @Test
    void onlyTheFirst64KiBAreLookedAt() throws IOException {
        String head = "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n";
        assertFalse(answer(head + "x".repeat(65_536 - 4) + "is OK", WAITS).contains("is OK"));
        assertTrue(answer(head + "x".repeat(65_536 - 5) + "is OK", WAITS).contains("is OK"));
    }

    private static ProbeAnswer answer(String bytes, InputStream then) throws IOException {
        InputStream first = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.US_ASCII));
        return ProbeAnswer.read(new SequenceInputStream(first, then), false);
    }
}
