// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The backends: one nginx process, one worker, which listens on many loopback addresses. It answers from memory and from the page cache. */
final class Backends implements AutoCloseable {

    /** Replies of 100 bytes; uploads are read to their end before the answer, which is what the inner request is for. */
    private static final String CONFIGURATION = """
            daemon off; worker_processes 1; worker_rlimit_nofile 60000; pid %1$s/nginx.pid; error_log %1$s/nginx.log;
            events { worker_connections 24000; }
            http {
              %2$s
              root %1$s; sendfile on; tcp_nopush on; open_file_cache max=10;
              upstream read { server unix:%1$s/read.sock; keepalive 64; keepalive_requests 1000000000; }
              server { listen unix:%1$s/read.sock; location / { return 200 "read"; } }
              server {
                %3$s
                location = / { return 200 "here"; }
                location = /small { return 200 "%4$s"; }
                location = /upload {
                  client_max_body_size 0; client_body_buffer_size 2m;
                  proxy_pass http://read; proxy_pass_request_body off; proxy_set_header Content-Length "";
                  proxy_http_version 1.1; proxy_set_header Connection "";
                }
              }
            }
            """;

    private final ManagedProcess process;
    private final List<String> addresses;

    private Backends(ManagedProcess process, List<String> addresses) {
        this.process = process;
        this.addresses = addresses;
    }

    /** Starts so many, on addresses 127.1.x.y and one port. */
    static Backends start(Path nginx, Path folder, int count) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("64k"), new byte[64 * 1024]);
        Files.write(folder.resolve("1m"), new byte[1024 * 1024]);
        int port = Ports.free();
        List<String> hosts = IntStream.range(0, count)
                .mapToObj(i -> "127.1." + i / 250 + "." + (i % 250 + 1))
                .toList();
        List<String> addresses = hosts.stream().map(host -> host + ":" + port).toList();
        String listen = addresses.stream()
                .map(address -> "listen " + address + " backlog=4096;")
                .collect(Collectors.joining(" "));
        Path file = folder.resolve("backend.conf");
        Files.writeString(file, CONFIGURATION.formatted(folder, Nginx.common(folder), listen, "x".repeat(100)));
        ManagedProcess process = ManagedProcess.start(
                List.of(nginx.toString(), "-c", file.toString(), "-p", folder.toString()),
                Map.of(),
                Optional.of(folder.resolve("backend.log")));
        Ports.await(hosts.getLast(), port, process);
        return new Backends(process, addresses);
    }

    List<String> addresses() {
        return addresses;
    }

    @Override
    public void close() {
        process.close();
    }
}
