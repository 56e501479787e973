// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import java.util.Arrays;

/**
 * Where a {@link RouteTable} notes what it reads of one request: to be kept and used again, for any table. What it tells holds until the next
 * look-up and while the head's bytes stay where they are.
 *
 * <p>Not thread-safe. Look-ups never wait, so one a loop is enough. Empty it takes next to nothing; it grows to the longest path that came.
 */
public final class RouteQuery {

    private static final RequestHead NOTHING = new RequestHead(HeadLimits.DEFAULT);

    private final CanonicalPath canonical = new CanonicalPath();
    private final PathReading reading = new PathReading();
    private final FieldValues values = new FieldValues();
    private final RegexMachine machine = new RegexMachine();
    private final PathHashes hashes = new PathHashes();

    private RequestHead head = NOTHING;
    private ClientAddress client = ClientAddress.NONE;
    private int listener;
    private byte[] host = {};
    private int hostLength;
    private byte[] raw = {};
    private int rawLength;
    private boolean plain;
    private byte[] path = raw;
    private int pathLength;

    /** Reads what every look-up needs. */
    void begin(RequestHead of, ClientAddress from, int by, FieldNames wanted) {
        head = of;
        client = from;
        listener = by;
        values.begin(wanted);
        readHost();
        readPath();
    }

    private void readHost() {
        hostLength = 0;
        int from = head.hostStart();
        int to = head.hostEnd();
        if (from < 0 || from == to) {
            return;
        }
        host = room(host, to - from);
        head.copy(from, to, host, 0);
        int length = to - from;
        int colon = length;
        while (colon > 0 && host[colon - 1] >= '0' && host[colon - 1] <= '9') {
            colon--;
        }
        if (colon > 0 && host[colon - 1] == ':') {
            length = colon - 1;
        }
        if (length > 0 && host[length - 1] == '.') {
            length--;
        }
        for (int i = 0; i < length; i++) {
            byte b = host[i];
            host[i] = b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
        }
        hostLength = length;
    }

    private void readPath() {
        rawLength = head.queryStart() - head.pathStart();
        raw = room(raw, rawLength);
        head.copy(head.pathStart(), head.queryStart(), raw, 0);
        plain = rawLength > 0 && !head.pathHasMarks() && !CanonicalPath.hasPairs(raw, rawLength);
        if (!plain) {
            canonical.read(raw, rawLength);
        }
        readCanonical();
    }

    /** Goes by another reading of the path from now on; false if that is no other. */
    boolean read(int ways) {
        reading.read(raw, rawLength, ways);
        path = reading.bytes();
        pathLength = reading.length();
        return !Arrays.equals(path, 0, pathLength, canonical.bytes(), 0, canonical.length());
    }

    /** Goes by the canonical path again. */
    void readCanonical() {
        path = plain ? raw : canonical.bytes();
        pathLength = plain ? rawLength : canonical.length();
    }

    /** The reading that was asked for last. */
    PathReading reading() {
        return reading;
    }

    /** Whether nobody can read the path in another way than the canonical one. */
    boolean hasOneReading() {
        return plain || canonical.hasOneReading();
    }

    byte[] path() {
        return path;
    }

    int pathLength() {
        return pathLength;
    }

    /** The host in lower case, without port and final dot. */
    byte[] host() {
        return host;
    }

    /** 0 if the request names no host. */
    int hostLength() {
        return hostLength;
    }

    ClientAddress client() {
        return client;
    }

    int listener() {
        return listener;
    }

    int valueStart(FieldKind kind, int number) {
        return values.start(kind, number, head);
    }

    int valueEnd(FieldKind kind, int number) {
        return values.end(kind, number);
    }

    byte[] values() {
        return values.bytes();
    }

    PathHashes hashes() {
        return hashes;
    }

    RegexMachine machine() {
        return machine;
    }

    private static byte[] room(byte[] bytes, int length) {
        int padded = length + Words.PADDING;
        return bytes.length >= padded ? bytes : new byte[Math.max(64, 2 * Integer.highestOneBit(padded))];
    }
}
