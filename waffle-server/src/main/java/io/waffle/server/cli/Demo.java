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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three small servers, to try Waffle without any of one's own. */
final class Demo implements AutoCloseable {

    private static final List<String> NAMES = List.of("anise", "basil", "clove");
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final int EVENTS = 10;

    private final List<WebServer> servers;

    private Demo(List<WebServer> servers) {
        this.servers = servers;
    }

    /** Starts them, on free ports of the loopback interface. */
    static Demo start() {
        Demo demo = new Demo(new ArrayList<>());
        try {
            NAMES.forEach(name -> demo.servers.add(server(name)));
            return demo;
        } catch (RuntimeException e) {
            demo.close();
            throw e;
        }
    }

    /** Their URLs. */
    List<String> backends() {
        return servers.stream()
                .map(server -> "http://127.0.0.1:" + server.port())
                .toList();
    }

    /** What to try. */
    static String text(InetSocketAddress address, boolean tls) {
        boolean everywhere = address.getAddress().isAnyLocalAddress();
        String host = everywhere ? "localhost" : address.getAddress().getHostAddress();
        String url = (tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + address.getPort();
        String curl = tls ? "curl -k" : "curl";
        return """
                Waffle balances over three small servers of its own: %s. Try

                  %s %s/             again and again: each answers in turn
                  %s %s/slow         takes two seconds; ask for / meanwhile
                  %s -N %s/events    server-sent events, one a second

                Ctrl-C stops it.
                """.formatted(String.join(", ", NAMES), curl, url, curl, url, curl, url);
    }

    @Override
    public void close() {
        servers.forEach(WebServer::stop);
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
