// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Four small servers and a configuration over them, to try Waffle without any of one's own. */
final class Demo implements AutoCloseable {

    private static final List<String> NAMES = List.of("anise", "basil", "clove", "dill");
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final int EVENTS = 10;

    private final List<WebServer> servers = new ArrayList<>();
    private final Path file;

    private Demo(Path file) {
        this.file = file;
    }

    /** Starts them, on free ports of the loopback interface, and writes the configuration. */
    static Demo start() throws IOException {
        Demo demo = new Demo(Files.createTempFile("waffle-demo-", ".yaml"));
        try {
            NAMES.forEach(name -> demo.servers.add(server(name)));
            Files.writeString(demo.file, demo.configuration());
            return demo;
        } catch (RuntimeException | IOException e) {
            demo.close();
            throw e;
        }
    }

    /** Two pools and three routes, by which everybody sees one version of a shop, a few the next one, and testers always that. */
    private String configuration() {
        List<String> urls = backends();
        return """
                pools:
                  app:  {backends: [%s]}
                  next: {backends: [%s]}
                routes:
                  - {name: everything, to: app}
                  - {name: canary, path: /shop, to: {app: 80, next: 20}}
                  - {name: testers, path: /shop, headers: {x-tester: "*"}, to: next}
                """.formatted(String.join(", ", urls.subList(0, 3)), urls.get(3));
    }

    /** The URLs of its servers. */
    List<String> backends() {
        return servers.stream()
                .map(server -> "http://127.0.0.1:" + server.port())
                .toList();
    }

    /** Where the configuration is. */
    Path file() {
        return file;
    }

    /** What to try. */
    static String text(SocketAddress where, boolean tls) {
        String url = (tls ? "https://" : "http://") + authority(where);
        String curl = (tls ? "curl -k" : "curl")
                + (where instanceof UnixDomainSocketAddress ? " --unix-socket " + where : "");
        return """
                Waffle balances over four small servers of its own: anise, basil and clove are the pool app,
                dill is the pool next. Try

                  %1$s %2$s/             again and again: each of app answers in turn
                  %1$s %2$s/slow         takes two seconds; ask for / meanwhile
                  %1$s -N %2$s/events    server-sent events, one a second
                  %1$s %2$s/shop         a canary: one in five goes to next
                  %1$s -H x-tester:me %2$s/shop    testers always go there

                Ctrl-C stops it.
                """.formatted(curl, url);
    }

    private static String authority(SocketAddress where) {
        if (!(where instanceof InetSocketAddress at)) {
            return "localhost";
        }
        String host = at.getAddress().isAnyLocalAddress()
                ? "localhost"
                : at.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
    }

    @Override
    public void close() throws IOException {
        servers.forEach(WebServer::stop);
        Files.deleteIfExists(file);
    }

    /** Without Helidon's own shutdown hook: a backend that leaves at once would break what Waffle drains. */
    private static WebServer server(String name) {
        return WebServer.builder()
                .host("127.0.0.1")
                .port(0)
                .shutdownHook(false)
                .routing(routing -> route(name, routing))
                .build()
                .start();
    }

    private static void route(String name, HttpRouting.Builder routing) {
        routing.get("/slow", (request, response) -> {
                    Thread.sleep(SLOW);
                    response.send("hello from " + name + ", after a while\n");
                })
                .get("/events", (request, response) -> events(name, response))
                .any((request, response) -> response.send("hello from " + name + "\n"));
    }

    private static void events(String name, ServerResponse response) throws InterruptedException {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream");
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        try (OutputStream out = response.outputStream()) {
            for (int i = 1; i <= EVENTS; i++) {
                String event = "id: " + i + "\ndata: event " + i + " of " + EVENTS + " from " + name + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(Duration.ofSeconds(1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the client left", e);
        }
    }
}
