// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the most specific host that routes are for; each leads on to the next less specific one. Immutable once it is made. */
final class HostIndex {

    private static final long WILDCARD = 0x5851_F42D_4C95_7F2DL;
    private static final int MOST_LABELS = Long.SIZE - 1;

    private final Map<Optional<HostMatch>, HostNode> nodes = new HashMap<>();
    private final HostNode[] byNumber;
    private final HostNode[] slots;
    private final @Nullable HostNode any;
    private int longestExact;
    private int longestWildcard;

    /** A bit for each number of labels that a wildcard has; the last for all greater ones. */
    private long labels;

    /** @param hosts each once or more often */
    HostIndex(List<Optional<HostMatch>> hosts) {
        for (Optional<HostMatch> host : hosts) {
            if (!nodes.containsKey(host)) {
                nodes.put(host, node(host, nodes.size()));
            }
        }
        byNumber = new HostNode[nodes.size()];
        nodes.values().forEach(node -> byNumber[node.number()] = node);
        any = nodes.get(Optional.<HostMatch>empty());
        slots = new HostNode[4 * Integer.highestOneBit(Math.max(1, nodes.size()))];
        nodes.values().stream().filter(node -> node != any).forEach(this::put);
        nodes.forEach((host, node) -> host.ifPresent(match -> node.setNext(lessSpecific(match))));
    }

    HostNode node(Optional<HostMatch> host) {
        HostNode node = nodes.get(host);
        if (node == null) {
            throw new IllegalArgumentException("host: " + host);
        }
        return node;
    }

    HostNode byNumber(int number) {
        return byNumber[number];
    }

    int size() {
        return byNumber.length;
    }

    /** The most specific host the request is for, if there are routes for any. */
    @Nullable
    HostNode find(byte[] host, int length) {
        if (length == 0 || host[0] == '.') {
            return any;
        }
        if (length <= longestExact) {
            HostNode exact = get(Words.hash(host, 0, length), host, 0, length, false);
            if (exact != null) {
                return exact;
            }
        }
        HostNode wildcard = labels == 0 ? null : wildcard(host, length);
        return wildcard == null ? any : wildcard;
    }

    private @Nullable HostNode wildcard(byte[] host, int length) {
        HostNode longest = null;
        int count = 0;
        for (int i = length - 1; i > 0 && length - i - 1 <= longestWildcard; i--) {
            if (host[i] == '.' && hasLabels(++count)) {
                long hash = Words.hash(host, i + 1, length) ^ WILDCARD;
                HostNode found = get(hash, host, i + 1, length, true);
                longest = found == null ? longest : found;
            }
        }
        return longest;
    }

    private @Nullable HostNode get(long hash, byte[] host, int from, int to, boolean wildcard) {
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        for (HostNode node = slots[slot]; node != null; node = slots[slot]) {
            if (node.isWildcard() == wildcard
                    && Arrays.equals(host, from, to, node.name(), 0, node.name().length - Words.PADDING)) {
                return node;
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    private void put(HostNode node) {
        int length = node.name().length - Words.PADDING;
        long hash = Words.hash(node.name(), 0, length) ^ (node.isWildcard() ? WILDCARD : 0);
        if (node.isWildcard()) {
            longestWildcard = Math.max(longestWildcard, length);
            labels |= 1L << Math.min(labels(node.name()), MOST_LABELS);
        } else {
            longestExact = Math.max(longestExact, length);
        }
        int slot = (int) hash & (slots.length - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = node;
    }

    private boolean hasLabels(int count) {
        return (labels >>> Math.min(count, MOST_LABELS) & 1) != 0;
    }

    private @Nullable HostNode lessSpecific(HostMatch host) {
        String name = host.name();
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            HostNode node = nodes.get(Optional.of(new HostMatch(name.substring(dot + 1), true)));
            if (node != null) {
                return node;
            }
        }
        return any;
    }

    private static int labels(byte[] name) {
        int count = 1;
        for (byte b : name) {
            count += b == '.' ? 1 : 0;
        }
        return count;
    }

    private static HostNode node(Optional<HostMatch> host, int number) {
        byte[] name = PathCheck.bytes(host.map(HostMatch::name).orElse(""));
        return new HostNode(
                number,
                Arrays.copyOf(name, name.length + Words.PADDING),
                host.map(HostMatch::wildcard).orElse(false));
    }
}
