// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** A proxy that listens. */
final class RunningProxy implements AutoCloseable {

    private final Site site;
    private final ManagedProcess process;

    private RunningProxy(Site site, ManagedProcess process) {
        this.site = site;
        this.process = process;
    }

    /** Starts it and waits until it accepts connections. */
    static RunningProxy start(Peer peer, Site site, Map<String, String> environment) throws IOException {
        RunningProxy started = launch(peer, site, environment);
        try {
            Ports.await("127.0.0.1", site.port(), started.process);
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    /** Starts it and waits for nothing. */
    static RunningProxy launch(Peer peer, Site site, Map<String, String> environment) throws IOException {
        ManagedProcess process = ManagedProcess.start(
                peer.command(site), environment, Optional.of(site.folder().resolve(peer.name() + ".log")));
        return new RunningProxy(site, process);
    }

    URI uri(String path) {
        return site.uri(path);
    }

    int port() {
        return site.port();
    }

    ManagedProcess process() {
        return process;
    }

    double cpuMicros() throws IOException {
        return CpuClock.micros(process);
    }

    double residentMebibytes() throws IOException {
        return CpuClock.mebibytes(process, "VmRSS");
    }

    Map<Metric, Double> memory() throws IOException {
        return Map.of(Metric.RSS, residentMebibytes(), Metric.PEAK, CpuClock.mebibytes(process, "VmHWM"));
    }

    @Override
    public void close() {
        process.close();
    }
}
