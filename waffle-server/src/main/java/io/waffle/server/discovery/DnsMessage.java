// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Questions and answers of the domain name system (RFC 1035 section 4), as far as addresses need them. */
final class DnsMessage {

    /** As much as passes any network in one piece (RFC 9715). */
    static final int UDP_SIZE = 1232;

    private static final int INTERNET = 1;
    private static final int CNAME = 5;
    private static final int OPT = 41;
    private static final int RECURSION_DESIRED = 0x0100;
    private static final int RESPONSE = 0x8000;
    private static final int OPCODE = 0x7800;
    private static final int TRUNCATED = 0x0200;
    private static final int RCODE = 0x000F;
    private static final int MOST_ALIASES = 16;

    private DnsMessage() {}

    /** What can be asked for. */
    enum Type {
        A(1, 4),
        AAAA(28, 16);

        private final int code;
        private final int length;

        Type(int code, int length) {
            this.code = code;
            this.length = length;
        }
    }

    /**
     * What a server answers.
     *
     * @param rcode 0 for an answer, 3 for no such name; all else is a failure (RFC 1035 section 4.1.1)
     * @param truncated whether there is more, which comes over TCP
     * @param ttl the shortest on the way to the addresses
     */
    record Reply(int rcode, boolean truncated, List<InetAddress> addresses, Duration ttl) {

        /** Whether it says where the name is, or that it is nowhere. */
        boolean isAnswer() {
            return rcode == 0 || rcode == 3;
        }
    }

    private record Alias(String target, long ttl) {}

    private record Found(InetAddress address, long ttl) {}

    /**
     * A question.
     *
     * @param extended whether to say that an answer may be longer than 512 bytes (RFC 6891); what is older than that does not understand it
     * @throws IllegalArgumentException if the name does not fit
     */
    static ByteBuffer question(int id, String name, Type type, boolean extended) {
        ByteBuffer out = ByteBuffer.allocate(512);
        out.putShort((short) id).putShort((short) RECURSION_DESIRED).putShort((short) 1);
        out.putShort((short) 0).putShort((short) 0).putShort((short) (extended ? 1 : 0));
        int length = 1;
        for (String label : name.split("\\.", -1)) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            length += 1 + bytes.length;
            if (bytes.length == 0 || bytes.length > 63 || length > 255) {
                throw new IllegalArgumentException("no name that can be asked for: " + name);
            }
            out.put((byte) bytes.length).put(bytes);
        }
        out.put((byte) 0).putShort((short) type.code).putShort((short) INTERNET);
        if (extended) {
            out.put((byte) 0)
                    .putShort((short) OPT)
                    .putShort((short) UDP_SIZE)
                    .putInt(0)
                    .putShort((short) 0);
        }
        return out.flip();
    }

    /** The reply to that question; nothing if it is none, or none to this. */
    static Optional<Reply> reply(ByteBuffer in, int id, String name, Type type) {
        try {
            return read(in, id, name, type);
        } catch (BufferUnderflowException | IllegalArgumentException | UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static Optional<Reply> read(ByteBuffer in, int id, String name, Type type) throws UnknownHostException {
        boolean ours = (in.getShort() & 0xFFFF) == id;
        int flags = in.getShort() & 0xFFFF;
        int questions = in.getShort() & 0xFFFF;
        int answers = in.getShort() & 0xFFFF;
        in.getInt();
        int rcode = flags & RCODE;
        if (!ours || (flags & (RESPONSE | OPCODE)) != RESPONSE || questions > 1) {
            return Optional.empty();
        }
        if (questions == 1) {
            boolean same = name(in).equals(name.toLowerCase(Locale.ROOT))
                    && in.getShort() == type.code
                    && in.getShort() == INTERNET;
            if (!same) {
                return Optional.empty();
            }
        } else if (rcode == 0) {
            return Optional.empty();
        }
        boolean truncated = (flags & TRUNCATED) != 0;
        return Optional.of(
                truncated || rcode != 0
                        ? new Reply(rcode, truncated, List.of(), Duration.ZERO)
                        : addresses(in, answers, name.toLowerCase(Locale.ROOT), type));
    }

    /** In whatever order aliases and addresses come. */
    private static Reply addresses(ByteBuffer in, int count, String name, Type type) throws UnknownHostException {
        Map<String, Alias> aliases = new HashMap<>();
        Map<String, List<Found>> addresses = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String owner = name(in);
            int kind = in.getShort() & 0xFFFF;
            int network = in.getShort() & 0xFFFF;
            long ttl = Math.max(0, in.getInt()); // RFC 2181 section 8
            int length = in.getShort() & 0xFFFF;
            int end = in.position() + length;
            if (network == INTERNET && kind == CNAME) {
                aliases.put(owner, new Alias(name(in), ttl));
            } else if (network == INTERNET && kind == type.code && length == type.length) {
                byte[] address = new byte[length];
                in.get(address);
                addresses
                        .computeIfAbsent(owner, ignored -> new ArrayList<>())
                        .add(new Found(InetAddress.getByAddress(address), ttl));
            }
            in.position(end);
        }
        return follow(name, aliases, addresses);
    }

    private static Reply follow(String name, Map<String, Alias> aliases, Map<String, List<Found>> addresses) {
        String at = name;
        long ttl = Long.MAX_VALUE;
        for (int i = 0; i < MOST_ALIASES; i++) {
            List<Found> found = addresses.get(at);
            if (found != null) {
                long least = found.stream().mapToLong(Found::ttl).min().orElse(0);
                return new Reply(
                        0,
                        false,
                        found.stream().map(Found::address).toList(),
                        Duration.ofSeconds(Math.min(ttl, least)));
            }
            Alias alias = aliases.get(at);
            if (alias == null) {
                break;
            }
            at = alias.target();
            ttl = Math.min(ttl, alias.ttl());
        }
        return new Reply(0, false, List.of(), Duration.ZERO);
    }

    /** A name in lower case, which may go on elsewhere in the message: further to the front only, so it ends. */
    private static String name(ByteBuffer in) {
        StringBuilder name = new StringBuilder();
        int after = -1;
        int before = in.position();
        while (true) {
            int length = in.get() & 0xFF;
            if (length == 0) {
                break;
            }
            if (length < 64) {
                byte[] label = new byte[length];
                in.get(label);
                name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.ISO_8859_1));
                continue;
            }
            int to = (length & 0x3F) << 8 | (in.get() & 0xFF);
            if (length < 192 || to >= before || name.length() > 255) {
                throw new IllegalArgumentException("a name that has no end");
            }
            after = after < 0 ? in.position() : after;
            before = to;
            in.position(to);
        }
        if (after >= 0) {
            in.position(after);
        }
        return name.toString().toLowerCase(Locale.ROOT);
    }
}
