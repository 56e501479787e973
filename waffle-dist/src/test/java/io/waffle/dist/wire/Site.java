// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.WaffleProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running Waffle and the scripted backends behind it. */
final class Site implements AutoCloseable {
    private final WaffleProcess waffle;
    private final List<ScriptedBackend> backends;

    private Site(WaffleProcess waffle, List<ScriptedBackend> backends) {
        this.waffle = waffle;
        this.backends = backends;
    }

    /** Waffle in front of this many fresh backends. */
    static Site open(int backends, String... arguments) {
        return open(backends, Map.of(), arguments);
    }

    static Site open(int backends, Map<String, String> environment, String... arguments) {
        List<ScriptedBackend> started =
                Stream.generate(ScriptedBackend::start).limit(backends).toList();
        return over(started, environment, arguments);
    }

    /** Waffle in front of backends that run already; they are closed with it. */
    static Site over(List<ScriptedBackend> backends, Map<String, String> environment, String... arguments) {
        return start(backends, urls(backends), environment, arguments);
    }

    /** Waffle in front of one backend, whose URL has this path. */
    static Site openPrefixed(String path, String... arguments) {
        ScriptedBackend backend = ScriptedBackend.start();
        return start(List.of(backend), backend.url() + path, Map.of(), arguments);
    }

    private static Site start(
            List<ScriptedBackend> backends, String urls, Map<String, String> environment, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-backends", urls));
        all.addAll(List.of(arguments));
        try {
            return new Site(WaffleProcess.start(environment, all.toArray(String[]::new)), backends);
        } catch (RuntimeException | AssertionError e) {
            backends.forEach(ScriptedBackend::close);
            throw e;
        }
    }

    /** A Waffle started in some other way, in front of these. */
    static Site of(WaffleProcess waffle, List<ScriptedBackend> backends) {
        return new Site(waffle, backends);
    }

    static String urls(List<ScriptedBackend> backends) {
        return backends.stream().map(ScriptedBackend::url).collect(Collectors.joining(","));
    }

    WaffleProcess waffle() {
        return waffle;
    }

    int port() {
        return waffle.port();
    }

    /** The only backend, or the first. */
    ScriptedBackend backend() {
        return backends.getFirst();
    }

    ScriptedBackend backend(int index) {
        return backends.get(index);
    }

    List<ScriptedBackend> backends() {
        return backends;
    }

    RawClient client() {
        return RawClient.to(port());
    }

    /** Sends a whole request on a connection of its own. */
    Response exchange(String request) {
        try (RawClient client = client()) {
            return client.exchange(request);
        }
    }

    Response get(String path) {
        try (RawClient client = client()) {
            return client.exchangeGet(path);
        }
    }

    /**
     * Sends what must be refused, and checks that it is: the status, then the end of the connection, and that no backend has seen a byte of it. The
     * proof of the latter is a good request that comes to the backends after it.
     */
    Response refused(int status, String request) {
        try (RawClient client = client()) {
            Response response = client.send(request).read();
            if (response.status() != status) {
                throw new AssertionError(response.head().raw() + response.text() + "(expected: " + status + ")");
            }
            client.awaitEnd();
            assertNothingCame();
            return response;
        }
    }

    /** Checks that no request came that the test has not taken. */
    void assertNothingCame() {
        get("/sentinel");
        for (ScriptedBackend backend : backends) {
            for (BackendRequest request : backend.taken()) {
                if (!request.head().target().endsWith("/sentinel")) {
                    throw new AssertionError("came to the backend (expected: nothing):\n"
                            + request.head().raw());
                }
            }
        }
    }

    void forget() {
        backends.forEach(ScriptedBackend::forget);
    }

    /** Checks that every byte the backends were sent was proper HTTP/1.1. */
    void assertNoFaults() {
        for (ScriptedBackend backend : backends) {
            for (Malformed fault : backend.faults()) {
                throw new AssertionError("malformed upstream", fault);
            }
        }
    }

    @Override
    public void close() {
        waffle.close();
        backends.forEach(ScriptedBackend::close);
    }
}
