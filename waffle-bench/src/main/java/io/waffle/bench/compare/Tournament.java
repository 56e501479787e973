// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs a row: warms everybody up, then measures in turns, A B C A B C... Whoever fails is out, and the others go on. */
final class Tournament {

    private final Lab lab;
    private final List<Peer> peers;
    private final int asked;
    private final boolean warm;

    Tournament(Lab lab, List<Peer> peers, int turns, boolean warm) {
        this.lab = lab;
        this.peers = List.copyOf(peers);
        this.asked = turns;
        this.warm = warm;
    }

    RowResult run(Workload workload) throws InterruptedException {
        List<Contender> contenders = peers.stream()
                .filter(workload.field()::admits)
                .map(peer -> new Contender(peer, lab))
                .collect(Collectors.toCollection(ArrayList::new));
        Map<String, List<Turn>> results = new LinkedHashMap<>();
        List<String> failures = new ArrayList<>();
        int turns = workload.load().turns(asked);
        try {
            for (int turn = warm ? 0 : 1; turn <= turns; turn++) {
                for (Contender contender : List.copyOf(contenders)) {
                    try {
                        take(turn, workload, contender, results);
                    } catch (IOException e) {
                        failures.add(contender.name() + ": " + e.getMessage());
                        results.remove(contender.name());
                        contenders.remove(contender);
                        contender.close();
                    }
                }
            }
        } finally {
            contenders.forEach(Contender::close);
        }
        return new RowResult(
                workload,
                lab.seconds(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                peers.stream().filter(Waffle.class::isInstance).map(Peer::name).toList(),
                peers.stream().filter(Tournament::isJudged).map(Peer::name).toList(),
                results,
                failures);
    }

    /** Turn 0 is the warm-up. */
    private void take(int turn, Workload workload, Contender contender, Map<String, List<Turn>> results)
            throws IOException, InterruptedException {
        if (turn == 0) {
            workload.load().warmUp(contender, lab);
            return;
        }
        Turn taken = workload.load().measure(contender, lab);
        results.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(taken);
        System.err.printf("%s, turn %d: %-22s %s%n", workload.id(), turn, contender.name(), brief(taken));
    }

    private static String brief(Turn turn) {
        return turn.figures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey().show(entry.getValue()) + " "
                        + entry.getKey().label())
                .collect(Collectors.joining("  "));
    }

    private static boolean isJudged(Peer peer) {
        return peer instanceof Waffle waffle && waffle.variant() == Waffle.Variant.SHIPPED;
    }
}
