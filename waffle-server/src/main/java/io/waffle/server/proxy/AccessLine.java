// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.AccessFormat;
import io.waffle.server.config.AccessFormat.Part;
import io.waffle.server.config.AccessFormat.Variable;
import io.waffle.server.loop.LineBuffer;
import io.waffle.server.loop.LineQueue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of an exchange that is over in one line, as a format has it: from the bytes of its heads, by table, into bytes.
 *
 * <p>Threading: one at a time.
 */
final class AccessLine implements LineQueue.Encoding<Exchange> {

    /** So much of a value is told: who sends more does not get more of the log than others. */
    static final int LONGEST = 2048;

    private static final String NOTHING = "-";
    private static final String CUT = "...";

    private final List<Piece> pieces;
    private final List<Member> members;
    private final boolean json;
    private final byte[][] escapes;
    private final InstantSource clock;
    private final LineTime time;
    private final RoughLine rough = new RoughLine();

    /** Text, and the value behind it. */
    private static final class Piece {

        private final byte[] text;
        private final @Nullable Variable variable;

        private Piece(String text, @Nullable Variable variable) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.variable = variable;
        }

        static Piece of(Part part) {
            return new Piece(part.text(), part.variable().orElse(null));
        }
    }

    /** A member of an object, with its name as it stands there. */
    private static final class Member {

        private final byte[] name;
        private final Variable variable;

        private Member(Variable variable) {
            this.name = ('"' + variable.written() + "\":").getBytes(StandardCharsets.US_ASCII);
            this.variable = variable;
        }
    }

    AccessLine(AccessFormat format, InstantSource clock) {
        this.json = format.json();
        this.pieces = format.parts().stream().map(Piece::of).toList();
        this.members = List.of(Variable.values()).stream().map(Member::new).toList();
        this.escapes = json ? Escapes.json() : Escapes.text();
        this.clock = clock;
        this.time = json ? LineTime.iso() : LineTime.common();
    }

    @Override
    public void encode(Exchange x, LineBuffer to) {
        if (!x.isParsed()) {
            rough.read(x.client.head(), x.client.headReceived());
        }
        if (json) {
            object(x, to);
        } else {
            text(x, to);
        }
        to.put('\n');
    }

    private void text(Exchange x, LineBuffer to) {
        for (Piece piece : pieces) {
            to.put(piece.text);
            if (piece.variable != null && !value(piece.variable, x, to)) {
                to.ascii(NOTHING);
            }
        }
    }

    private void object(Exchange x, LineBuffer to) {
        char before = '{';
        for (Member member : members) {
            int mark = to.mark();
            to.put(before).put(member.name);
            boolean quoted = isText(member.variable);
            if (quoted) {
                to.put('"');
            }
            if (!value(member.variable, x, to)) {
                to.backTo(mark);
                continue;
            }
            if (quoted) {
                to.put('"');
            }
            before = ',';
        }
        to.put('}');
    }

    private static boolean isText(Variable variable) {
        return switch (variable) {
            case STATUS, BYTES, ATTEMPTS, FIRST_BYTE_MS, DURATION_MS, QUEUE_MS, CONNECT_MS, TRIES -> false;
            default -> true;
        };
    }

    /** Writes the value, if there is one; else nothing, and returns false. */
    private boolean value(Variable variable, Exchange x, LineBuffer to) {
        return switch (variable) {
            case CLIENT -> client(x, to);
            case TIME -> time.write(clock.millis(), to);
            case METHOD -> method(x, to);
            case TARGET -> target(x, to);
            case VERSION -> version(x, to);
            case HOST -> field(x, "host", to);
            case REFERER -> field(x, "referer", to);
            case USER_AGENT -> field(x, "user-agent", to);
            case STATUS -> number(status(x), to);
            case BYTES -> number(x.reply.bodySent(), to);
            case BACKEND -> x.chosen() != null && words(x.chosen().id(), to);
            case ROUTE -> x.routeIfAny() != null && words(x.routeIfAny().name(), to);
            case POOL -> x.destination() != null && words(x.destination().pool(), to);
            case STRATEGY -> x.destination() != null && words(x.destination().strategy(), to);
            case REASON -> x.chosen() != null && words(x.selection.reason().written(), to);
            case ATTEMPTS -> number(x.chosen() == null ? 0 : x.selection.attempt(), to);
            case FIRST_BYTE_MS ->
                x.backend.firstByteNanos() != 0 && millis(x.backend.firstByteNanos() - x.clock.begun(), to);
            case DURATION_MS -> millis(x.course.ended() - x.clock.begun(), to);
            case QUEUE_MS -> millis(x.course.queued(), to);
            case CONNECT_MS ->
                x.course.count() > 0 && millis(x.course.at(x.course.count() - 1).connect(), to);
            case FAULT -> x.course.fault() != null && words(x.course.fault().written(), to);
            case ENDED_BY ->
                x.course.fault() != null && words(x.course.fault().source().written(), to);
            case PHASE -> x.course.phase() != null && words(x.course.phase().written(), to);
            case SERVER_NAME -> serverName(x.client.peer().hosts(), to);
            case TRIES -> json ? tryObjects(x.course, to) : tryWords(x.course, to);
        };
    }

    private boolean serverName(@Nullable HostCheck hosts, LineBuffer to) {
        String name = hosts == null ? null : hosts.name();
        return name != null && words(name, to);
    }

    private static int status(Exchange x) {
        Fault fault = x.course.fault();
        if (fault == null) {
            return x.reply.status();
        }
        boolean unheard = fault == Fault.CLIENT_GONE || (fault == Fault.STOPPED && x.reply.status() == 0);
        return unheard ? fault.status() : x.reply.status();
    }

    private boolean client(Exchange x, LineBuffer to) {
        ClientAddress client = x.clientAddress();
        if (client.equals(x.client.peer().address())) {
            to.put(x.client.peer().text());
            return true;
        }
        return words(client.toString(), to);
    }

    private boolean method(Exchange x, LineBuffer to) {
        return x.isParsed()
                ? sent(x, x.request.methodStart(), x.request.methodEnd(), to)
                : sent(x, rough.methodStart(), rough.methodEnd(), to);
    }

    private boolean target(Exchange x, LineBuffer to) {
        if (!x.isParsed()) {
            return sent(x, rough.targetStart(), rough.targetEnd(), to);
        }
        if (x.request.isForWholeServer()) {
            return words("*", to);
        }
        if (x.request.pathIsEmpty()) {
            to.put('/');
        }
        sent(x, x.request.pathStart(), x.request.pathEnd(), to);
        return true;
    }

    private boolean version(Exchange x, LineBuffer to) {
        return x.isParsed()
                ? words(x.request.minorVersion() == 0 ? "HTTP/1.0" : "HTTP/1.1", to)
                : sent(x, rough.versionStart(), rough.versionEnd(), to);
    }

    private boolean field(Exchange x, String name, LineBuffer to) {
        int i = x.field(name);
        return i >= 0 && sent(x, x.request.valueStart(i), x.request.valueEnd(i), to, true);
    }

    /** What the client sent there, if it is anything. */
    private boolean sent(Exchange x, int from, int end, LineBuffer to) {
        return sent(x, from, end, to, false);
    }

    private boolean sent(Exchange x, int from, int end, LineBuffer to, boolean evenIfEmpty) {
        if (from == end && !evenIfEmpty) {
            return false;
        }
        ByteBuffer head = x.client.head();
        if (end - from <= LONGEST) {
            to.put(head, from, end, escapes);
        } else {
            to.put(head, from, from + LONGEST, escapes).ascii(CUT);
        }
        return true;
    }

    private boolean words(String text, LineBuffer to) {
        to.put(text, escapes);
        return true;
    }

    private static boolean number(long value, LineBuffer to) {
        to.number(value);
        return true;
    }

    /** A duration in milliseconds, to the microsecond; -1 is none. */
    private static boolean millis(long nanos, LineBuffer to) {
        if (nanos < 0) {
            return false;
        }
        long micros = nanos / 1_000;
        to.number(micros / 1_000).put('.').padded(micros % 1_000, 3);
        return true;
    }

    /** Only where the other members do not say it all: more than one try, or one that went wrong. */
    private boolean tryObjects(Course course, LineBuffer to) {
        if (course.count() == 0 || (course.count() == 1 && course.at(0).fault() == null)) {
            return false;
        }
        for (int i = 0; i < course.count(); i++) {
            Course.Try one = course.at(i);
            to.put(i == 0 ? '[' : ',')
                    .ascii("{\"backend\":\"")
                    .put(one.backend(), escapes)
                    .put('"');
            if (one.fault() != null) {
                to.ascii(",\"fault\":\"").ascii(one.fault().written()).put('"');
            }
            if (one.status() != 0) {
                to.ascii(",\"status\":").number(one.status());
            }
            timing(",\"connect_ms\":", one.connect(), to);
            timing(",\"first_byte_ms\":", one.firstByte(), to);
            timing(",\"duration_ms\":", one.total(), to);
            to.put('}');
        }
        to.put(']');
        return true;
    }

    private static void timing(String name, long nanos, LineBuffer to) {
        int mark = to.mark();
        if (!millis(nanos, to.ascii(name))) {
            to.backTo(mark);
        }
    }

    /** {@code backend=status/connect/first byte/total}, or the fault in place of the status. */
    private boolean tryWords(Course course, LineBuffer to) {
        for (int i = 0; i < course.count(); i++) {
            Course.Try one = course.at(i);
            if (i > 0) {
                to.put(',');
            }
            to.put(one.backend(), escapes).put('=');
            if (one.fault() == null) {
                to.number(one.status());
            } else {
                to.ascii(one.fault().written());
            }
            part(one.connect(), to);
            part(one.firstByte(), to);
            part(one.total(), to);
        }
        return course.count() > 0;
    }

    private static void part(long nanos, LineBuffer to) {
        if (!millis(nanos, to.put('/'))) {
            to.ascii(NOTHING);
        }
    }
}
