// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.http.KnownField;
import io.waffle.server.http.RequestHead;
import java.util.Arrays;

/**
 * The values of the fields a table wants, of one request, in the form they are compared in. Each kind is read when its first value is asked for,
 * in one go. Not thread-safe; allocates only when a request needs more room than all before.
 */
final class FieldValues {

    private static final int ABSENT = -1;

    private FieldNames names = FieldNames.NONE;
    private final int[][] starts = {{}, {}, {}};
    private final int[][] ends = {{}, {}, {}};
    private final boolean[] isRead = new boolean[3];
    private byte[] bytes = {};
    private int used;
    private byte[] query = {};

    /** Forgets the last request. */
    void begin(FieldNames wanted) {
        names = wanted;
        used = 0;
        Arrays.fill(isRead, false);
    }

    /** Where the values are. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the value of a field starts, or -1 if there is no such field. */
    int start(FieldKind kind, int number, RequestHead head) {
        if (!isRead[kind.number()]) {
            read(kind, head);
        }
        return starts[kind.number()][number];
    }

    /** Where the value ends, of one that {@link #start} was asked about. */
    int end(FieldKind kind, int number) {
        return ends[kind.number()][number];
    }

    private void read(FieldKind kind, RequestHead head) {
        int size = names.of(kind).size();
        if (starts[kind.number()].length < size) {
            starts[kind.number()] = new int[size];
            ends[kind.number()] = new int[size];
        }
        Arrays.fill(starts[kind.number()], 0, size, ABSENT);
        isRead[kind.number()] = true;
        switch (kind) {
            case HEADER -> readHeaders(head);
            case QUERY -> readQuery(head);
            case COOKIE -> readCookies(head);
        }
    }

    private void readHeaders(RequestHead head) {
        for (int i = 0; i < head.fieldCount(); i++) {
            int length = head.nameEnd(i) - head.nameStart(i);
            if (!names.headers().hasLength(length)) {
                continue;
            }
            reserve(length);
            head.copy(head.nameStart(i), head.nameEnd(i), bytes, used);
            lower(used, used + length);
            int number = names.headers().find(bytes, used, used + length);
            if (number >= 0 && starts[0][number] == ABSENT) {
                starts[0][number] = used;
                join(head, i, names.headers().name(number));
                ends[0][number] = used;
            }
        }
    }

    /** Copies the value of a field, and of all others of that name after it. */
    private void join(RequestHead head, int first, String name) {
        append(head, head.valueStart(first), head.valueEnd(first));
        for (int i = first + 1; i < head.fieldCount(); i++) {
            if (head.nameIs(i, name)) {
                reserve(2);
                bytes[used++] = ',';
                bytes[used++] = ' ';
                append(head, head.valueStart(i), head.valueEnd(i));
            }
        }
    }

    private void readCookies(RequestHead head) {
        int first = head.indexOf(KnownField.COOKIE);
        for (int i = Math.max(first, 0); first >= 0 && i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.COOKIE) {
                int from = used;
                append(head, head.valueStart(i), head.valueEnd(i));
                readCookies(from, used);
            }
        }
    }

    private void readCookies(int from, int to) {
        int at = from;
        while (at < to) {
            int end = indexOf(bytes, ';', at, to);
            int name = at;
            while (name < end && isBlank(bytes[name])) {
                name++;
            }
            int last = end;
            while (last > name && isBlank(bytes[last - 1])) {
                last--;
            }
            int equals = indexOf(bytes, '=', name, last);
            int number = equals < last ? names.cookies().find(bytes, name, equals) : -1;
            if (number >= 0 && starts[2][number] == ABSENT) {
                starts[2][number] = equals + 1;
                ends[2][number] = last;
            }
            at = end + 1;
        }
    }

    private void readQuery(RequestHead head) {
        int length = head.pathEnd() - head.queryStart() - 1;
        if (length <= 0) {
            return;
        }
        if (query.length < length) {
            query = new byte[Math.max(256, Integer.highestOneBit(length) * 2)];
        }
        head.copy(head.queryStart() + 1, head.pathEnd(), query, 0);
        reserve(length);
        int at = 0;
        while (at < length) {
            int end = indexOf(query, '&', at, length);
            readParameter(at, end);
            at = end + 1;
        }
    }

    private void readParameter(int from, int to) {
        int equals = indexOf(query, '=', from, to);
        int nameEnd = decode(from, equals, used);
        int number = names.query().find(bytes, used, nameEnd);
        if (number >= 0 && starts[1][number] == ABSENT) {
            starts[1][number] = used;
            used = decode(Math.min(equals + 1, to), to, used);
            ends[1][number] = used;
        }
    }

    /** As forms encode it; a percent sign without two digits behind it stands for itself. Returns where it ends. */
    private int decode(int from, int to, int into) {
        int end = into;
        for (int i = from; i < to; i++) {
            byte b = query[i];
            if (b == '%' && i + 2 < to && CanonicalPath.isHex(query[i + 1]) && CanonicalPath.isHex(query[i + 2])) {
                b = (byte) (CanonicalPath.hex(query[i + 1]) << 4 | CanonicalPath.hex(query[i + 2]));
                i += 2;
            } else if (b == '+') {
                b = ' ';
            }
            bytes[end++] = b;
        }
        return end;
    }

    private void append(RequestHead head, int from, int to) {
        reserve(to - from);
        head.copy(from, to, bytes, used);
        used += to - from;
    }

    private void reserve(int more) {
        if (bytes.length - used < more) {
            bytes = Arrays.copyOf(bytes, Math.max(256, Integer.highestOneBit(used + more) * 2));
        }
    }

    private void lower(int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
                bytes[i] |= 0x20;
            }
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int indexOf(byte[] in, char wanted, int from, int to) {
        int at = from;
        while (at < to && in[at] != wanted) {
            at++;
        }
        return at;
    }
}
