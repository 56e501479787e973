// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** nginx as a proxy. Bodies stream in both directions, as in the others: no request body is collected first, and nothing goes to a file. */
record Nginx(Path executable) implements Peer {

    private static final String CONFIGURATION = """
            daemon off; worker_processes 2; worker_rlimit_nofile 60000; pid %1$s/nginx.pid; error_log %1$s/nginx.log;
            events { worker_connections 24000; }
            http {
              %2$s
              client_max_body_size 0; proxy_request_buffering off; proxy_max_temp_file_size 0;
              upstream pool { %3$s keepalive %4$d; keepalive_requests 1000000000; keepalive_timeout 300s; }
              server {
                listen 127.0.0.1:%5$d backlog=4096 %6$s;
                location / {
                  proxy_pass http://pool; proxy_http_version 1.1; proxy_set_header Connection "";
                  proxy_set_header Host $http_host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                }
              }
            }
            """;

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public List<String> command(Site site) throws IOException {
        Path file = site.folder().resolve("nginx.conf");
        String text = CONFIGURATION.formatted(
                site.folder(),
                common(site.folder()),
                strategy(site) + site.eachBackend("server ", "; "),
                site.keepAlive(),
                site.port(),
                site.scenario().tls() ? tls(site.certificate()) : "");
        Files.writeString(file, text);
        return List.of(
                executable.toString(),
                "-c",
                file.toString(),
                "-p",
                site.folder().toString());
    }

    /** What a backend and a proxy have in common: no access log, no end to a connection, and its own temporary folders. */
    static String common(Path folder) {
        return """
              access_log off; keepalive_requests 1000000000; keepalive_timeout 300s;
              client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;""".formatted(folder);
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Commands.run(List.of(executable.toString(), "-v"))
                .strip()
                .replace("nginx version: ", "")
                .replace('/', ' ');
    }

    private static String strategy(Site site) {
        return switch (site.scenario().strategy()) {
            case "ip-hash" -> "ip_hash; ";
            case "least-connections" -> "least_conn; ";
            default -> "";
        };
    }

    private static String tls(Certificate certificate) {
        return "ssl; ssl_certificate %s; ssl_certificate_key %s; ssl_protocols TLSv1.3; ssl_conf_command Ciphersuites %s"
                .formatted(certificate.chain(), certificate.key(), Tls.CIPHER_SUITE);
    }
}
