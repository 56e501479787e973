// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Caddy, HTTP/1.1 only. It sets X-Forwarded-For by itself. */
record Caddy(Path executable) implements Peer {

    private static final String CONFIGURATION = """
            {
              admin off
              auto_https off
              default_sni localhost
              log {
                level ERROR
              }
              servers {
                protocols h1
                timeouts {
                  idle 300s
                }
              }
            }
            %1$s://:%2$d {
              bind 127.0.0.1
              %3$s
              reverse_proxy %4$s {
                lb_policy %5$s
                transport http {
                  keepalive 300s
                  keepalive_idle_conns %6$d
                  keepalive_idle_conns_per_host 256
                }
              }
            }
            """;

    @Override
    public String name() {
        return "caddy";
    }

    @Override
    public List<String> command(Site site) throws IOException {
        Path file = site.folder().resolve("Caddyfile");
        Certificate certificate = site.certificate();
        String tls = site.scenario().tls()
                ? "tls %s %s {\nprotocols tls1.3\n}".formatted(certificate.chain(), certificate.key())
                : "";
        Files.writeString(
                file,
                CONFIGURATION.formatted(
                        site.scenario().scheme(),
                        site.port(),
                        tls,
                        site.eachBackend("http://", " "),
                        strategy(site),
                        3 * site.keepAlive()));
        return List.of(executable.toString(), "run", "--adapter", "caddyfile", "--config", file.toString());
    }

    @Override
    public Map<String, String> environment(Site site) {
        String folder = site.folder().toString();
        return Map.of("GOMAXPROCS", "2", "HOME", folder, "XDG_DATA_HOME", folder, "XDG_CONFIG_HOME", folder);
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return "Caddy "
                + Commands.run(List.of(executable.toString(), "version")).strip();
    }

    private static String strategy(Site site) {
        return switch (site.scenario().strategy()) {
            case "ip-hash" -> "ip_hash";
            case "least-connections" -> "least_conn";
            default -> "round_robin";
        };
    }
}
