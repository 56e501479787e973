// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** From exec to the first proxied response; or, of a process that then is idle for a while, the memory. */
record StartLoad(Duration idle) implements Load {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final byte[] REQUEST = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public Turn measure(Contender contender, Lab lab) throws IOException, InterruptedException {
        Site site = lab.site(Scenario.PLAIN);
        Map<String, String> environment = contender.peer().environment(site);
        long start = System.nanoTime();
        try (RunningProxy proxy = RunningProxy.launch(contender.peer(), site, environment)) {
            while (!answers(site.port())) {
                if (!proxy.process().isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IOException("no response: " + proxy.process().describe());
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
            double millis = (System.nanoTime() - start) / 1e6;
            if (idle.isZero()) {
                return Turn.of(Map.of(Metric.START, millis));
            }
            Thread.sleep(idle);
            return Turn.of(proxy.memory());
        }
    }

    /** Once, for the page cache. */
    @Override
    public void warmUp(Contender contender, Lab lab) throws IOException, InterruptedException {
        measure(contender, lab);
    }

    /** Starts are cheap and scatter. */
    @Override
    public int turns(int asked) {
        return 2 * asked;
    }

    private static boolean answers(int port) {
        try (Socket client = new Socket()) {
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            client.setSoTimeout(5000);
            client.getOutputStream().write(REQUEST);
            return new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }
}
