// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.HealthConfig;
import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * A request that must be answered by a status, and if wanted a body, of a backend that is well.
 *
 * <p>The JDK's own client, and not Helidon's: it is part of the runtime, while the other would be five jars more.
 */
final class HttpProbe implements Probe {

    private static final int BODY_LOOKED_AT = 64 * 1024;

    static {
        // Read by the client when it is first used, which is here. A check names the Host the backend expects.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    }

    private final HealthConfig config;
    private final HttpClient client;

    HttpProbe(HealthConfig config, SSLContext tls, Executor executor) {
        this.config = config;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .executor(executor)
                .build();
    }

    @Override
    public Optional<String> complaint(PooledBackend backend) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(target(backend.config()))
                .method(config.method(), HttpRequest.BodyPublishers.noBody())
                .header("User-Agent", "waffle-health");
        config.host().ifPresent(host -> request.header("Host", host));
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        // The head mostly says enough, and a body without end must not hold up the checks.
        try (InputStream body = response.body()) {
            if (!config.statuses().contains(response.statusCode())) {
                return Optional.of("status " + response.statusCode());
            }
            if (config.body().isPresent() && !contains(body, config.body().get())) {
                return Optional.of("a body without '" + config.body().get() + "'");
            }
            return Optional.empty();
        }
    }

    private static boolean contains(InputStream body, String text) throws IOException {
        return new String(body.readNBytes(BODY_LOOKED_AT), StandardCharsets.UTF_8).contains(text);
    }

    private URI target(BackendConfig backend) {
        String authority = backend.uri().getRawAuthority();
        String host = authority.substring(0, authority.lastIndexOf(':'));
        return URI.create(backend.uri().getScheme() + "://" + host + ":" + backend.checkPort() + path(config, backend));
    }

    /** One of the backend's own is taken as it is; that of all goes behind the prefix of its URL. */
    static String path(HealthConfig config, BackendConfig backend) {
        return backend.healthPath()
                .orElseGet(() -> backend.uri().getRawPath() + config.path().orElseThrow());
    }

    /** Ends the client's threads, without waiting for answers. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
