// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
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
        if (List.of(arguments).contains("--help")) {
            System.out.print(Options.USAGE);
            System.exit(0);
        }
        Options options;
        try {
            options = Options.parse(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println("compare: " + e.getMessage() + "\n" + Options.USAGE);
            System.exit(2);
            return;
        }
        for (String tool : List.of("nginx", "wrk")) {
            if (!options.tools().containsKey(tool)) {
                System.err.println("compare: no " + tool + ": run build/install-peers, or say --" + tool + " PATH");
                System.exit(2);
            }
        }
        System.exit(new Compare(options).run() ? 0 : 1);
    }

    private boolean run() throws IOException, InterruptedException {
        List<Workload> rows = Workloads.all().stream().filter(options::wants).toList();
        if (rows.isEmpty() && !options.writeDocs()) {
            System.out.println("Rows:");
            Workloads.all().forEach(row -> System.out.printf("  %-28s %s%n", row.id(), row.title()));
            return false;
        }
        List<Peer> peers = peers();
        Map<String, String> versions = new LinkedHashMap<>();
        for (Peer peer : peers) {
            versions.put(peer.name(), peer.version());
        }
        versions.forEach((name, version) -> System.out.println(name + ": " + version));
        Map<String, String> machine = Machine.describe();
        List<RowResult> results = measure(rows, peers);
        if (!options.smoke()) {
            keep(results, versions, machine);
        }
        return results.stream().allMatch(result -> result.failures().isEmpty());
    }

    private List<RowResult> measure(List<Workload> rows, List<Peer> peers) throws IOException, InterruptedException {
        List<RowResult> results = new ArrayList<>();
        try (Lab lab = Lab.open(need("nginx"), need("wrk"), options.seconds())) {
            Tournament tournament = new Tournament(lab, peers, options.turns(), !options.smoke());
            for (Workload row : rows) {
                RowResult result = tournament.run(row);
                System.out.println(Report.text(result));
                results.add(result);
            }
        }
        return results;
    }

    private void keep(List<RowResult> results, Map<String, String> versions, Map<String, String> machine)
            throws IOException {
        Path root = Path.of(System.getProperty("waffle.root", "."));
        Path file = options.json().orElse(root.resolve("waffle-bench/target/compare.json"));
        RawResults all = RawResults.read(file).plus(machine, versions, results);
        all.write(file);
        System.out.println("raw figures: " + file);
        if (options.writeDocs()) {
            Documents.write(root.resolve("docs"), all, options.command());
        }
    }

    private List<Peer> peers() {
        List<Peer> peers = new ArrayList<>();
        tool("nginx").ifPresent(path -> peers.add(new Nginx(path)));
        tool("haproxy").ifPresent(path -> peers.add(new HaProxy(path)));
        tool("caddy").ifPresent(path -> peers.add(new Caddy(path)));
        peers.add(JavaPeer.UNDERTOW);
        peers.add(JavaPeer.FLOOR);
        Map<String, Path> waffles = options.waffles();
        waffles.forEach((label, home) -> peers.add(new Waffle(label, home, Waffle.Variant.SHIPPED)));
        waffles.values().stream().findFirst().ifPresent(home -> {
            peers.add(new Waffle(Waffle.JDK_SCHEDULER, home, Waffle.Variant.JDK_SCHEDULER));
            peers.add(new Waffle(Waffle.BARE, home, Waffle.Variant.BARE));
        });
        peers.removeIf(peer -> !options.wants(peer.name()) && !waffles.containsKey(peer.name()));
        return peers;
    }

    private Optional<Path> tool(String name) {
        return Optional.ofNullable(options.tools().get(name));
    }

    private Path need(String name) {
        return tool(name).orElseThrow();
    }
}
