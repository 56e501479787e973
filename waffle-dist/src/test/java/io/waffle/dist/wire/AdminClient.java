// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.WaffleProcess;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Speaks with the admin API of a Waffle, on a connection for each request. */
final class AdminClient {

    static final String TOKEN = "correct-horse-battery-staple";

    private static final Pattern STARTED = Pattern.compile("admin API at http://\\S+:(\\d+)");

    private final int port;

    private AdminClient(int port) {
        this.port = port;
    }

    /** Waits until it is there. */
    static AdminClient of(WaffleProcess waffle) {
        return new AdminClient(Integer.parseInt(waffle.awaitOutput(STARTED).group(1)));
    }

    int port() {
        return port;
    }

    Response send(String method, String target, String body) {
        String fields = method.equals("GET")
                ? ""
                : "Authorization: Bearer " + TOKEN + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length + "\r\n";
        return exchange(method + " " + target + " HTTP/1.1\r\n" + host() + fields + "\r\n" + body);
    }

    /** Sends these bytes. */
    Response exchange(String request) {
        try (RawClient client = RawClient.to(port)) {
            return client.exchange(request);
        }
    }

    /** The field this listener wants. */
    String host() {
        return "Host: 127.0.0.1:" + port + "\r\n";
    }

    /** What is there, which has to be. */
    JsonObject get(String target) {
        Response response = send("GET", target, "");
        if (response.status() != 200) {
            throw new AssertionError(target + ": " + response.status() + " " + response.text());
        }
        return json(response);
    }

    /** Makes a change, which has to be allowed. */
    JsonObject change(String method, String target, String body) {
        Response response = send(method, target, body);
        if (response.status() != 200 && response.status() != 201) {
            throw new AssertionError(method + " " + target + ": " + response.status() + " " + response.text());
        }
        return json(response);
    }

    static JsonObject json(Response response) {
        return Json.createReader(new StringReader(response.text())).readObject();
    }

    /** The path of a backend. */
    static String path(ScriptedBackend backend) {
        return path(backend.port());
    }

    /** The path of a backend of 127.0.0.1. */
    static String path(int port) {
        return "/api/backends/127.0.0.1:" + port;
    }
}
