// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Work on several threads, and what the JVM knows of a thread. */
final class Threads {

    private Threads() {}

    /** Lets this many platform threads run the task at once, each with its number; fails by this rule with what the first of them threw. */
    static void run(String rule, int count, IntConsumer task) {
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(count)) {
            for (int i = 0; i < count; i++) {
                int number = i;
                results.add(executor.submit(() -> {
                    start.await();
                    task.accept(number);
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> result : results) {
                result.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(rule + ": with " + count + " threads at once: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How often this thread slept, parked or waited during the task. */
    static long waitsDuring(Runnable task) {
        long before = waits();
        task.run();
        return waits() - before;
    }

    /** How often this thread waited during the task, for another that was in its way, too. */
    static long delaysDuring(Runnable task) {
        long before = blocks() + waits();
        task.run();
        return blocks() + waits() - before;
    }

    /** How many bytes this thread allocated during the task. */
    static long bytesAllocatedDuring(Runnable task) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        task.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static long waits() {
        return info().getWaitedCount();
    }

    private static long blocks() {
        return info().getBlockedCount();
    }

    private static ThreadInfo info() {
        return ManagementFactory.getThreadMXBean()
                .getThreadInfo(Thread.currentThread().threadId());
    }
}
