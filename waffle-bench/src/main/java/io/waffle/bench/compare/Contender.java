// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A peer that takes part in a row, with what runs of it: one process per set-up, started when first asked for. */
final class Contender implements AutoCloseable {

    private final Peer peer;
    private final Lab lab;
    private final Map<Scenario, RunningProxy> running = new HashMap<>();

    Contender(Peer peer, Lab lab) {
        this.peer = peer;
        this.lab = lab;
    }

    Peer peer() {
        return peer;
    }

    String name() {
        return peer.name();
    }

    RunningProxy in(Scenario scenario) throws IOException {
        RunningProxy proxy = running.get(scenario);
        if (proxy == null) {
            Site site = lab.site(scenario);
            proxy = RunningProxy.start(peer, site, peer.environment(site));
            running.put(scenario, proxy);
        }
        return proxy;
    }

    /** A process that has not served anything yet; the one before is stopped. */
    RunningProxy fresh(Scenario scenario) throws IOException {
        close();
        return in(scenario);
    }

    @Override
    public void close() {
        running.values().forEach(RunningProxy::close);
        running.clear();
    }
}
