// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.health;

import io.waffle.server.pool.PooledBackend;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * One look at a backend: a GET that must be answered by a status of 200 to 399 in time.
 *
 * <p>The JDK's own client, and not Helidon's: it is part of the runtime, while the other would be five jars more. Threading: any thread;
 * blocks.
 */
final class Probe implements AutoCloseable {

    private static final int LEAST_GOOD = 200;
    private static final int LEAST_BAD = 400;

    private final String path;
    private final Duration timeout;
    private final HttpClient client;

    Probe(String path, Duration timeout, SSLContext tls, Executor executor) {
        this.path = path;
        this.timeout = timeout;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .sslContext(tls)
                .executor(executor)
                .build();
    }

    /** Looks; returns what is wrong, or nothing. */
    Optional<String> complaint(PooledBackend backend) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(backend.uri() + path))
                .timeout(timeout)
                .header("User-Agent", "waffle-health")
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            response.body().close(); // the head says enough; a body without end must not hold up the checks
            int status = response.statusCode();
            return status >= LEAST_GOOD && status < LEAST_BAD ? Optional.empty() : Optional.of("status " + status);
        } catch (HttpTimeoutException e) {
            return Optional.of("no answer within " + timeout.toMillis() + " ms");
        } catch (IOException e) {
            return Optional.of(reason(e));
        }
    }

    /** Ends the client's threads, without waiting for answers. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }

    /** The innermost message: the client wraps a refused connection in an exception that has none. */
    static String reason(Throwable problem) {
        String words = problem.getClass().getSimpleName();
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null) {
                words = cause.getMessage();
            }
        }
        return words.replaceAll("\\p{Cntrl}+", " ");
    }
}
