// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the first candidate that holds without holding each against the request. The host is looked up from the most specific on; for each host the exact path, then
 * the beginnings of the path from the deepest configured one back. All are in one table, by host and hash. A path that is given only in part hangs where its
 * literal beginning ends. So what a look-up costs grows with the depth of what is configured, not with the number of routes nor with the path.
 * Immutable once it is made.
 */
final class RouteIndex {

    private static final long EXACT = 0x2545_F491_4F6C_DD1DL;
    private static final long BY_HOST = 0x9FB2_1C65_1E98_DF25L;

    private final Candidate[] candidates;
    private final HostIndex hosts;
    private final long[] hashes;
    private final PathNode[] nodes;
    private int deepest;
    private int longestExact = -1;

    /** @param candidates in the order in which they win */
    RouteIndex(Candidate[] candidates) {
        this.candidates = candidates;
        hosts = new HostIndex(Arrays.stream(candidates).map(Candidate::host).toList());
        Map<Key, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < candidates.length; i++) {
            int host = hosts.node(candidates[i].host()).number();
            for (String path : hangsAt(candidates[i].path())) {
                Key key = new Key(host, path, candidates[i].path() instanceof PathMatch.Exact);
                places.computeIfAbsent(key, one -> new ArrayList<>(1)).add(i);
            }
        }
        nodes = new PathNode[4 * Integer.highestOneBit(Math.max(1, places.size()))];
        hashes = new long[nodes.length];
        PathHashes read = new PathHashes();
        places.forEach((key, at) -> put(key, at, read));
    }

    /**
     * What a request may cost at most.
     *
     * @param checks how many candidates it is held against
     * @param place one of them
     */
    record Load(int checks, int place) {}

    /** The most that a request may cost: of each host that it can be for, the worst path. */
    Load worst() {
        Load[] byHost = new Load[hosts.size()];
        Arrays.fill(byHost, new Load(0, 0));
        PathHashes read = new PathHashes();
        for (PathNode node : nodes) {
            if (node != null) {
                int checks = checks(node, read);
                if (checks > byHost[node.host()].checks()) {
                    byHost[node.host()] = new Load(checks, node.place());
                }
            }
        }
        Load worst = new Load(0, 0);
        for (int i = 0; i < byHost.length; i++) {
            int sum = 0;
            for (HostNode host = hosts.byNumber(i); host != null; host = host.next()) {
                sum += byHost[host.number()].checks();
            }
            worst = sum > worst.checks() ? new Load(sum, byHost[i].place()) : worst;
        }
        return worst;
    }

    /** Those of a node, and of all nodes a path that leads there passes. */
    private int checks(PathNode node, PathHashes read) {
        byte[] path = node.path();
        read.read(Arrays.copyOf(path, path.length + Words.PADDING), path.length, Integer.MAX_VALUE, Integer.MAX_VALUE);
        int checks = node.isExact() ? node.checks() : 0;
        for (int depth = 0; depth <= read.depth(); depth++) {
            PathNode before = get(node.host(), false, read.hash(depth), path, read.end(depth));
            checks += before == null ? 0 : before.checks();
        }
        return checks;
    }

    private record Key(int host, String path, boolean exact) {}

    /** The place of the candidate that wins, or -1. */
    int find(RouteQuery query, long method) {
        HostNode host = hosts.find(query.host(), query.hostLength());
        if (host == null) {
            return -1;
        }
        PathHashes read = query.hashes();
        read.read(query.path(), query.pathLength(), deepest, longestExact);
        for (; host != null; host = host.next()) {
            int best = find(host, query, method, read);
            if (best >= 0) {
                return best;
            }
        }
        return -1;
    }

    private int find(HostNode host, RouteQuery query, long method, PathHashes read) {
        byte[] path = query.path();
        if (host.hasExact() && query.pathLength() <= longestExact && path[0] == '/') {
            PathNode node = get(host.number(), true, read.whole(), path, query.pathLength());
            int best = node == null ? -1 : node.find(query, method, candidates);
            if (best >= 0) {
                return best;
            }
        }
        for (int depth = Math.min(read.depth(), host.deepest()); depth >= 0; depth--) {
            if (host.hasDepth(depth)) {
                PathNode node = get(host.number(), false, read.hash(depth), path, read.end(depth));
                int best = node == null ? -1 : node.find(query, method, candidates);
                if (best >= 0) {
                    return best;
                }
            }
        }
        return -1;
    }

    private @Nullable PathNode get(int host, boolean exact, long pathHash, byte[] path, int length) {
        long hash = hash(host, exact, pathHash);
        int slot = (int) hash & (nodes.length - 1);
        for (PathNode node = nodes[slot]; node != null; node = nodes[slot]) {
            if (hashes[slot] == hash && node.is(host, exact, path, length)) {
                return node;
            }
            slot = (slot + 1) & (nodes.length - 1);
        }
        return null;
    }

    private void put(Key key, List<Integer> places, PathHashes read) {
        byte[] path = PathCheck.bytes(key.path());
        read.read(Arrays.copyOf(path, path.length + Words.PADDING), path.length, Integer.MAX_VALUE, Integer.MAX_VALUE);
        HostNode host = host(key.host());
        long pathHash = key.exact() ? read.whole() : read.hash(read.depth());
        if (key.exact()) {
            host.addExact();
            longestExact = Math.max(longestExact, path.length);
        } else {
            host.addDepth(read.depth());
            deepest = Math.max(deepest, read.depth());
        }
        long hash = hash(key.host(), key.exact(), pathHash);
        int slot = (int) hash & (nodes.length - 1);
        while (nodes[slot] != null) {
            slot = (slot + 1) & (nodes.length - 1);
        }
        hashes[slot] = hash;
        nodes[slot] = new PathNode(key.host(), key.path(), key.exact(), places, candidates);
    }

    private HostNode host(int number) {
        return hosts.byNumber(number);
    }

    private static long hash(int host, boolean exact, long pathHash) {
        return Words.mix(pathHash ^ (exact ? EXACT : 0), host * BY_HOST);
    }

    /**
     * Where a path hangs: at its beginning by whole segments. What begins with {@code /v2} without a slash behind it may go on within the segment or behind it, so it hangs
     * at both; it is more precise than the beginning {@code /v2} is.
     */
    private static List<String> hangsAt(PathMatch path) {
        if (path instanceof PathMatch.Exact exact) {
            return List.of(exact.path());
        }
        if (path instanceof PathMatch.Prefix prefix) {
            return List.of(prefix.path());
        }
        String literal = path instanceof PathMatch.Pattern pattern
                ? pattern.literal()
                : ((PathMatch.Regex) path).regex().literal();
        if (!literal.startsWith("/") || literal.contains("//")) {
            return List.of("");
        }
        String whole = literal.substring(0, literal.lastIndexOf('/'));
        return literal.endsWith("/") ? List.of(whole) : List.of(whole, literal);
    }
}
