// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Clients that send requests one after the other on connections that stay, until the end; what they were answered. */
final class Load implements AutoCloseable {

    static final int CLIENTS = 64;

    /** Says that a request broke off. */
    private static final int BROKEN = 0;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> clients = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private final int[] ended = new int[CLIENTS];
    private int total;
    private final IntFunction<String> requests;
    private volatile boolean ending;

    Load(int port) {
        this(port, number -> GET);
    }

    /** Clients whose requests, each time they send one, are these for their numbers. */
    Load(int port, IntFunction<String> requests) {
        this.requests = requests;
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.add(threads.submit(() -> run(number, port)));
        }
    }

    private void run(int number, int port) {
        while (!ending) {
            try (RawClient client = RawClient.to(port)) {
                while (!ending) {
                    count(number, client.exchange(requests.apply(number)).status());
                }
            } catch (RuntimeException | AssertionError e) {
                count(number, BROKEN);
            }
        }
    }

    private synchronized void count(int number, int status) {
        statuses.merge(status, 1, Integer::sum);
        ended[number]++;
        total++;
        notifyAll();
    }

    synchronized void awaitMore(int requests) throws InterruptedException {
        int goal = total + requests;
        while (total < goal) {
            wait();
        }
    }

    /** Waits until each client has ended the request it is at. */
    synchronized void awaitEach() throws InterruptedException {
        int[] before = ended.clone();
        while (IntStream.range(0, CLIENTS).anyMatch(client -> ended[client] == before[client])) {
            wait();
        }
    }

    synchronized Map<Integer, Integer> statuses() {
        return new TreeMap<>(statuses);
    }

    /** Returns how many requests there were. */
    int end() throws Exception {
        ending = true;
        for (Future<?> client : clients) {
            client.get();
        }
        synchronized (this) {
            return total;
        }
    }

    @Override
    public void close() {
        ending = true;
        threads.close();
    }
}
