// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.FORWARDING;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.util.List;

/** Settings: what is forwarded, and how fields are edited; a part of the table {@link Settings}. */
public final class ForwardingSettings {

    static final SettingTable TABLE = new SettingTable(Scope.ROUTE);

    public static final Setting<Boolean> PRESERVE_HOST = TABLE.add(new Setting<>(
            FORWARDING, "forwarding.preserve_host", List.of("preserve-host"), Shape.SWITCH, Forms.SWITCH, "true", """
            Whether a backend gets the Host the client sent; with false it gets its own host and port."""));

    public static final Setting<Cidr> TRUSTED_PROXIES = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    FORWARDING,
                    "forwarding.trusted_proxies",
                    List.of("trusted-proxies"),
                    Shape.LIST,
                    AddressForms.CIDR,
                    "",
                    """
            Peers whose `X-Forwarded-*`, `Forwarded`, `X-Real-IP` and other fields about the client are believed: addresses,
            blocks such as `10.0.0.0/8`, or `unix` for those who come by a Unix domain socket, as wherever addresses are listed. What
            others send of these is replaced or left out (docs/wire-behaviours.md)."""));

    public static final Setting<Boolean> ALLOW_TRACE = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    FORWARDING,
                    "forwarding.allow_trace",
                    List.of("allow-trace"),
                    Shape.SWITCH,
                    Forms.SWITCH,
                    "false",
                    """
            Whether TRACE requests are forwarded, which show a client the fields added on the way; otherwise they get a
            405."""));

    public static final Setting<ForwardingConfig.Underscores> UNDERSCORES = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    FORWARDING,
                    "forwarding.underscores",
                    List.of("underscores"),
                    Shape.ONE,
                    Forms.word("UNDERSCORES", ForwardingConfig.Underscores.class),
                    "drop",
                    """
            What is done about a field of a request whose name has an underscore, which many applications cannot tell from one
            with a dash: `drop` leaves it out, `pass` passes it on unless it could be taken for one that Waffle itself sets or
            goes by, such as `X_Forwarded_For`, `refuse` answers 400."""));

    public static final Setting<ForwardingConfig.RawTargets> RAW_TARGETS = TABLE.add(
            Scope.LISTENER,
            new Setting<>(
                    FORWARDING,
                    "forwarding.raw_targets",
                    List.of("raw-targets"),
                    Shape.ONE,
                    Forms.word("RAW_TARGETS", ForwardingConfig.RawTargets.class),
                    "refuse",
                    """
            What is done about a request target with bytes beyond ASCII, such as raw UTF-8: `refuse` answers 400, `encode` passes
            each of them on percent-encoded; the head must be within `limits.head` as it is passed on, too."""));

    public static final Setting<Boolean> FORWARDED = TABLE.add(new Setting<>(
            FORWARDING, "forwarding.forwarded", List.of("forwarded"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether `Forwarded` (RFC 7239) is written into requests as well: with `for`, `host` and `proto`, behind what a
            trusted proxy has written."""));

    public static final Setting<Boolean> VIA = TABLE.add(
            new Setting<>(FORWARDING, "forwarding.via", List.of("via"), Shape.ONE, Forms.SWITCH, "true", """
            Whether `Via` is written into requests, by which a request is known that comes back in a circle; it gets a 508. With
            it some servers do not compress: nginx unless `gzip_proxied` says so."""));

    public static final Setting<Boolean> LENIENCY = TABLE.add(
            Scope.PROCESS,
            new Setting<>(FORWARDING, "leniency", List.of("leniency"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether lines in the head of a response may end in LF alone, as some scripts and devices write them; otherwise
            such a response becomes a 502. Clients get CRLF."""));

    public static final Setting<String> REQUEST_HEADERS_ADD = TABLE.add(new Setting<>(
            FORWARDING, "request_headers.add", List.of("request-header-add"), Shape.MAP, Forms.HEADER, "", """
            A field that requests get on their way to a backend, besides those of the same name."""));

    public static final Setting<String> REQUEST_HEADERS_SET = TABLE.add(new Setting<>(
            FORWARDING, "request_headers.set", List.of("request-header-set"), Shape.MAP, Forms.HEADER, "", """
            A field that requests get in place of those of the same name, Waffle's own such as `X-Forwarded-Proto` included."""));

    public static final Setting<String> REQUEST_HEADERS_REMOVE = TABLE.add(new Setting<>(
            FORWARDING,
            "request_headers.remove",
            List.of("request-header-remove"),
            Shape.LIST,
            Forms.HEADER_NAME,
            "",
            """
            A field that no request has on its way to a backend, Waffle's own included."""));

    public static final Setting<String> RESPONSE_HEADERS_ADD = TABLE.add(new Setting<>(
            FORWARDING, "response_headers.add", List.of("response-header-add"), Shape.MAP, Forms.HEADER, "", """
            A field that the responses of backends get, besides those of the same name. Interim responses, and answers of
            Waffle's own, get none."""));

    public static final Setting<String> RESPONSE_HEADERS_SET = TABLE.add(new Setting<>(
            FORWARDING, "response_headers.set", List.of("response-header-set"), Shape.MAP, Forms.HEADER, "", """
            A field that the responses of backends get in place of those of the same name."""));

    public static final Setting<String> RESPONSE_HEADERS_REMOVE = TABLE.add(new Setting<>(
            FORWARDING,
            "response_headers.remove",
            List.of("response-header-remove"),
            Shape.LIST,
            Forms.HEADER_NAME,
            "",
            """
            A field of responses of backends that clients do not get."""));

    private ForwardingSettings() {}
}
