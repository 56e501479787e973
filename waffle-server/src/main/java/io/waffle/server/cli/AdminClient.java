// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.AdminConfig;
import io.waffle.server.config.Host;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.ListenAddress;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Asks the admin API of a Waffle that runs. Threading: one thread. */
final class AdminClient implements AutoCloseable {

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** Longer than any reload. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    private final String authority;
    private final Optional<Path> token;

    private AdminClient(String authority, Optional<Path> token) {
        this.authority = authority;
        this.token = token;
    }

    /** Of the Waffle that is configured so; nothing if that has no admin API. */
    static Optional<AdminClient> of(AdminConfig config) {
        return config.listen().map(at -> new AdminClient(authority(at), config.tokenFile()));
    }

    private static String authority(ListenAddress at) {
        return at.host().map(Host::bracketed).orElse("127.0.0.1") + ":" + at.port();
    }

    /** It could not be asked, or did not do it: one line for the operator. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean answered;

        Failed(String message, boolean answered) {
            super(message);
            this.answered = answered;
        }

        /** Whether there was somebody to ask. */
        boolean isAnswered() {
            return answered;
        }
    }

    JsonObject get(String path) throws Failed {
        return object(path, send(request(path).GET()));
    }

    /** What is said by a status of 503 is an answer, too. */
    JsonObject probe(String path) throws Failed {
        HttpResponse<String> response = exchange(request(path).GET());
        return object(path, response.statusCode() == UNAVAILABLE ? response : checked(response));
    }

    JsonObject patch(String path, JsonObject change) throws Failed {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        return object(path, send(authorized(request, "PATCH", BodyPublishers.ofString(change.toString()))));
    }

    void post(String path) throws Failed {
        send(authorized(request(path), "POST", BodyPublishers.noBody()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + authority + path)).timeout(LONGEST);
    }

    private HttpRequest.Builder authorized(HttpRequest.Builder request, String method, BodyPublisher body)
            throws Failed {
        if (token.isPresent()) {
            request.header("Authorization", "Bearer " + secret(token.get()));
        }
        return request.method(method, body);
    }

    private static String secret(Path file) throws Failed {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            throw new Failed(file + ": " + IoReason.of(e) + " (expected: the token of the admin API)", true);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Failed {
        return checked(exchange(request));
    }

    private HttpResponse<String> exchange(HttpRequest.Builder request) throws Failed {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            String why = e instanceof ConnectException ? "connection refused" : IoReason.of(e);
            throw new Failed("admin API at " + authority + ": " + why + " (expected: a Waffle that runs there)", false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", false);
        }
    }

    private HttpResponse<String> checked(HttpResponse<String> response) throws Failed {
        if (response.statusCode() != OK) {
            String why =
                    object(response).map(error -> error.getString("error", "")).orElse("");
            throw new Failed(
                    "admin API at " + authority + ": " + response.statusCode() + " " + TextTable.harmless(why), true);
        }
        return response;
    }

    private JsonObject object(String path, HttpResponse<String> response) throws Failed {
        return object(response)
                .orElseThrow(() -> new Failed(
                        "admin API at " + authority + ": " + path
                                + " is answered by no JSON object (expected: a Waffle that runs there)",
                        false));
    }

    private static Optional<JsonObject> object(HttpResponse<String> response) {
        try (JsonReader reader = JsonProvider.provider().createReader(new StringReader(response.body()))) {
            return Optional.of(reader.readObject());
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
