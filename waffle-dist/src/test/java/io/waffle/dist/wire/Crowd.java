// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Clients that, all at once, each send some GETs one after the other on a connection that stays, whatever they are answered. */
final class Crowd {

    private final List<Answer> answers;

    private Crowd(List<Answer> answers) {
        this.answers = answers;
    }

    /** What one request was answered, and how long after its first byte was sent the answer had been read. */
    record Answer(Response response, Duration after) {}

    /** Returns when all have been answered. */
    static Crowd ask(int clients, int requests, Site site) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Answer>>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                all.add(threads.submit(() -> askInTurn(requests, site)));
            }
            List<Answer> answers = new ArrayList<>();
            for (Future<List<Answer>> client : all) {
                answers.addAll(client.get());
            }
            return new Crowd(answers);
        }
    }

    private static List<Answer> askInTurn(int requests, Site site) {
        try (RawClient client = site.client()) {
            List<Answer> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                long start = System.nanoTime();
                Response response = client.exchange(GET);
                answers.add(new Answer(response, Duration.ofNanos(System.nanoTime() - start)));
            }
            return answers;
        }
    }

    Stream<Response> responses(int status) {
        return with(status).map(Answer::response);
    }

    /** How many there were of each. */
    Map<Integer, Long> statuses() {
        return answers.stream()
                .collect(Collectors.groupingBy(
                        answer -> answer.response().status(), TreeMap::new, Collectors.counting()));
    }

    /** The time of the quickest answer with this status, which there has to be. */
    Duration quickest(int status) {
        return with(status).map(Answer::after).min(Comparator.naturalOrder()).orElseThrow(this::none);
    }

    /** As {@link #quickest}. */
    Duration slowest(int status) {
        return with(status).map(Answer::after).max(Comparator.naturalOrder()).orElseThrow(this::none);
    }

    private Stream<Answer> with(int status) {
        return answers.stream().filter(answer -> answer.response().status() == status);
    }

    private AssertionError none() {
        return new AssertionError("statuses: " + statuses());
    }

    /** Each status: how many, the quickest and the slowest. */
    @Override
    public String toString() {
        return statuses().entrySet().stream()
                .map(entry -> entry.getValue() + " answers " + entry.getKey() + " after " + quickest(entry.getKey())
                        + " to " + slowest(entry.getKey()))
                .collect(Collectors.joining(", "));
    }
}
