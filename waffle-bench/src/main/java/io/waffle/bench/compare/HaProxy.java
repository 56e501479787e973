// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy. Connections to backends are shared between clients, as they are in the others ({@code http-reuse always}). */
record HaProxy(Path executable) implements Peer {

    private static final String CONFIGURATION = """
            global
              maxconn 20000
              nbthread 2
              no strict-limits
              ssl-default-bind-options ssl-min-ver TLSv1.3
              ssl-default-bind-ciphersuites %1$s
            defaults
              mode http
              timeout connect 5s
              timeout client 300s
              timeout server 60s
              timeout http-keep-alive 300s
              option forwardfor
              http-reuse always
            frontend clients
              bind 127.0.0.1:%2$d backlog 4096 %3$s
              default_backend pool
            backend pool
              balance %4$s
              default-server pool-max-conn %5$d
            %6$s
            """;

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public List<String> command(Site site) throws IOException {
        Path file = site.folder().resolve("haproxy.cfg");
        StringBuilder servers = new StringBuilder();
        for (int i = 0; i < site.backends().size(); i++) {
            servers.append("  server b%d %s%n".formatted(i, site.backends().get(i)));
        }
        String tls = site.scenario().tls()
                ? "ssl alpn http/1.1 crt " + site.certificate().both()
                : "";
        Files.writeString(
                file,
                CONFIGURATION.formatted(
                        Tls.CIPHER_SUITE, site.port(), tls, strategy(site), site.keepAlive(), servers.toString()));
        return List.of(executable.toString(), "-db", "-f", file.toString());
    }

    @Override
    public String version() throws IOException, InterruptedException {
        String first = Commands.run(List.of(executable.toString(), "-v"))
                .lines()
                .findFirst()
                .orElse("");
        return first.replaceAll("^HAProxy version (\\S+).*", "HAProxy $1");
    }

    private static String strategy(Site site) {
        return switch (site.scenario().strategy()) {
            case "ip-hash" -> "source";
            case "least-connections" -> "leastconn";
            default -> "roundrobin";
        };
    }
}
