// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.TIMEOUTS;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.time.Duration;
import java.util.List;

/** Settings: how long what may take; a part of the table {@link Settings}. */
public final class TimeoutSettings {

    static final SettingTable TABLE = new SettingTable(Scope.ROUTE);

    public static final Setting<Duration> TLS_HANDSHAKE = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.tls_handshake",
                    List.of("timeout-tls-handshake"),
                    Shape.ONE,
                    Forms.duration("10ms", "24h"),
                    "10s",
                    """
            From accepting a connection to the end of its TLS handshake; then it is closed."""));

    public static final Setting<Duration> REQUEST_HEAD = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.request_head",
                    List.of("timeout-request-head"),
                    Shape.ONE,
                    Forms.duration("10ms", "24h"),
                    "10s",
                    """
            From the first byte of a request to the end of its head; then it gets a 408."""));

    public static final Setting<Duration> KEEP_ALIVE = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.keep_alive",
                    List.of("timeout-keep-alive"),
                    Shape.ONE,
                    Forms.duration("10ms", "24h"),
                    "75s",
                    """
            How long a client connection may idle between requests."""));

    public static final Setting<Duration> REQUEST = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.request",
            List.of("timeout-request"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            From a request to the head of its response, with all waiting, connecting and repeating; then the client gets a
            504. The time its body takes to be sent is not counted, nor the response. 0s is no bound."""));

    public static final Setting<Duration> BODY = TABLE.add(new Setting<>(
            TIMEOUTS, "timeouts.body", List.of("timeout-body"), Shape.ONE, Forms.duration("10ms", "24h"), "60s", """
            How long a body, either way, may stand still: how long the client may send nothing of it or take nothing, and
            the backend take nothing. For a backend that sends nothing there is `timeouts.response_idle`."""));

    public static final Setting<Duration> RESPONSE_IDLE = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.response_idle",
            List.of("timeout-response-idle"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            How long a response may stand still because the backend sends nothing, as an event stream does between two
            events. 0s is as long as `timeouts.body`."""));

    public static final Setting<Duration> CONNECT = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.connect",
            List.of("timeout-connect"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "5s",
            """
            For a connection to a backend, with its TLS handshake; then another is tried, or the client gets a 504."""));

    public static final Setting<Duration> QUEUE = TABLE.add(new Setting<>(
            TIMEOUTS, "timeouts.queue", List.of("timeout-queue"), Shape.ONE, Forms.duration("0s", "24h"), "1s", """
            How long a request waits for a backend that has as many as it may; then the client gets a 503."""));

    public static final Setting<Duration> FIRST_BYTE = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.first_byte",
            List.of("timeout-first-byte"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "60s",
            """
            From the end of a request to the head of its response; then the client gets a 504."""));

    public static final Setting<Duration> ATTEMPT = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.attempt",
            List.of("timeout-attempt"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            For each try, from its beginning to the head of the response, with connecting; then it is taken for one whose backend
            has not answered in time: another is tried if `retry.on_timeout` says so, or the client gets a 504. The time the
            body of the request takes to be sent is not counted. 0s is no bound."""));

    public static final Setting<Duration> RESPONSE = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.response",
            List.of("timeout-response"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            From the head of a response to its end, however steadily it comes; then it is broken off. Not for tunnels. 0s is
            no bound."""));

    public static final Setting<Duration> BACKEND_KEEP_ALIVE = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.backend_keep_alive",
                    List.of("timeout-backend-keep-alive"),
                    Shape.ONE,
                    Forms.duration("10ms", "24h"),
                    "60s",
                    """
            How long a backend connection may idle. Less than the backends' own keep-alive time avoids repeats."""));

    public static final Setting<Duration> BACKEND_LIFETIME = TABLE.add(
            Scope.POOL,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.backend_lifetime",
                    List.of("timeout-backend-lifetime"),
                    Shape.ONE,
                    Forms.duration("0s", "24h"),
                    "10m",
                    """
            How long a backend connection is used for one request after the other, up to a tenth more or less, so that
            traffic follows the addresses of a name and balancers behind. What is in flight then ends first. 0s is no bound."""));

    public static final Setting<Duration> TUNNEL = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.tunnel",
            List.of("timeout-tunnel"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "1h",
            """
            How long a tunnel, such as a WebSocket, may stand still."""));

    public static final Setting<Duration> TUNNEL_FIN = TABLE.add(new Setting<>(
            TIMEOUTS,
            "timeouts.tunnel_fin",
            List.of("timeout-tunnel-fin"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            How long a tunnel may stand still one side of which has ended its stream. A WebSocket, which knows no such
            state, has 5s of it at most."""));

    public static final Setting<Duration> DRAIN = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    TIMEOUTS,
                    "timeouts.drain",
                    List.of("timeout-drain"),
                    Shape.ONE,
                    Forms.duration("0s", "24h"),
                    "30s",
                    """
            How long a stop waits for the requests in flight."""));

    public static final Setting<Duration> SHUTDOWN_DELAY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(
                    TIMEOUTS,
                    "shutdown.delay",
                    List.of("shutdown-delay"),
                    Shape.ONE,
                    Forms.duration("0s", "1h"),
                    "0s",
                    """
            How long Waffle serves on, new connections too, between being told to stop and stopping, while `/readyz` says
            no: for those who send traffic here need a while to hear of it. `timeouts.drain` begins behind it."""));

    private TimeoutSettings() {}
}
