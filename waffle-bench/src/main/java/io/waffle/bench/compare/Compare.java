// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command {@code waffle-bench/compare}. Exits with 0, with 1 if a row failed, with 2 if it was called wrongly. */
final class Compare {

    private final Options options;

    private Compare(Options options) {
        this.options = options;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options;
        try {
            options = Options.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("compare: " + e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        System.exit(new Compare(options).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        List<Workload> rows = Workloads.all().stream().filter(options::wants).toList();
        if (rows.isEmpty()) {
            System.out.println("Rows:");
            Workloads.all().forEach(row -> System.out.printf("  %-22s %s%n", row.id(), row.title()));
            return false;
        }
        List<Peer> peers = peers();
        for (Peer peer : peers) {
            System.out.println(peer.name() + ": " + peer.version());
        }
        boolean passed = true;
        try (Lab lab = Lab.open(need("nginx"), need("wrk"), options.seconds())) {
            Tournament tournament = new Tournament(lab, peers, options.turns(), !options.smoke());
            for (Workload row : rows) {
                RowResult result = tournament.run(row);
                System.out.println(Report.text(result));
                passed &= result.failures().isEmpty();
            }
        }
        return passed;
    }

    private List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        tool("nginx").ifPresent(path -> peers.add(new Nginx(path)));
        tool("haproxy").ifPresent(path -> peers.add(new HaProxy(path)));
        tool("caddy").ifPresent(path -> peers.add(new Caddy(path)));
        peers.add(JavaPeer.UNDERTOW);
        peers.add(JavaPeer.FLOOR);
        Map<String, Path> waffles = options.waffles();
        waffles.forEach((label, home) -> peers.add(new Waffle(label, home, false)));
        waffles.values().stream()
                .findFirst()
                .ifPresent(home -> peers.add(new Waffle(Waffle.JDK_SCHEDULER, home, true)));
        peers.removeIf(peer -> !options.wants(peer.name()) && !waffles.containsKey(peer.name()));
        return peers;
    }

    private Optional<Path> tool(String name) {
        return Optional.ofNullable(options.tools().get(name));
    }

    private Path need(String name) {
        return tool(name).orElseThrow(() -> new IllegalStateException("No " + name + ": run build/install-peers"));
    }
}
