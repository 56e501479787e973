// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Group;
import io.waffle.server.config.Setting.Shape;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The table of everything that can be set. Flags, variables, YAML keys, the help, messages and docs/configuration.md follow from it, in its
 * order, which is why it is one file, long as it is; to add a setting is to add a row, a component of {@link WaffleConfig}, and a line in {@link ConfigLoader}.
 */
public final class Settings {

    private static final List<Setting<?>> TABLE = new ArrayList<>();

    public static final Setting<ListenAddress> LISTEN = add(
            new Setting<>(Group.TRAFFIC, "listen", List.of("listen"), Shape.ONE, AddressForms.LISTEN, ":8080", """
            Where to listen. Without a host, as in `:8080`, on every interface, IPv4 and IPv6. Port 0 takes a free one,
            which is logged."""));

    public static final Setting<BackendUrl> BACKENDS = add(new Setting<>(
            Group.TRAFFIC, "backends", List.of("backends", "lb-backend"), Shape.LIST, AddressForms.BACKEND, "", """
            The servers to balance over, at least one: `http://` or `https://`, a host, and if needed a port (else 80 or
            443) and a path prefix, which is put before the path of each request. In a file an item is a URL or a mapping
            with the keys below; a comma in an item of a list is a part of it. On the command line `;weight=5` and
            `;backup` may follow a URL."""));

    public static final Setting<BackendUrl> BACKEND_URL =
            add(new Setting<>(Group.TRAFFIC, "backends[].url", List.of(), Shape.ONE, AddressForms.BACKEND, "", """
            The URL of the backend."""));

    public static final Setting<Integer> BACKEND_WEIGHT = add(
            new Setting<>(Group.TRAFFIC, "backends[].weight", List.of(), Shape.ONE, Forms.count(0, 65_535), "1", """
            The share of the backend relative to the others. 0 drains it: it gets no new request, and finishes those it
            has. On the command line `;weight=5` behind the URL."""));

    public static final Setting<Boolean> BACKEND_BACKUP =
            add(new Setting<>(Group.TRAFFIC, "backends[].backup", List.of(), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether it gets requests only while no other backend is available: those that are not a backup are down,
            ejected, draining, or have failed this request. On the command line `;backup` behind the URL."""));

    public static final Setting<Integer> BACKEND_HEALTH_PORT = add(new Setting<>(
            Group.TRAFFIC, "backends[].health_port", List.of(), Shape.ONE, Forms.count(1, 65_535), "", """
            The port its active checks go to; by default that of its URL."""));

    public static final Setting<String> BACKEND_HEALTH_PATH = add(
            new Setting<>(Group.TRAFFIC, "backends[].health_path", List.of(), Shape.ONE, Forms.PROBE_PATH, "", """
            What its active checks ask for; by default `health_checking.path` behind the prefix of its URL. This one is
            taken as it is."""));

    public static final Setting<Integer> BACKEND_IN_FLIGHT = add(new Setting<>(
            Group.TRAFFIC, "backends[].in_flight", List.of(), Shape.ONE, Forms.count(0, 1_000_000), "", """
            The most requests it is sent at once; by default `limits.backend_in_flight`."""));

    public static final Setting<Duration> DNS_INTERVAL = add(new Setting<>(
            Group.TRAFFIC,
            "dns.interval",
            List.of("dns-interval"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "30s",
            """
            How often the name of a backend is looked up anew at the least, give or take a tenth; sooner if its answer is good
            for less, though not within 5s. Each of its addresses is a backend of
            its own; if there are IPv4 and IPv6 ones, the IPv4 ones, for as long as there are any. While a name does not
            resolve, its last addresses stay. With 0s, and for `localhost`, a name is one backend, looked up for each new
            connection, though not more than once a second."""));

    public static final Setting<Duration> DNS_GRACE = add(new Setting<>(
            Group.TRAFFIC, "dns.grace", List.of("dns-grace"), Shape.ONE, Forms.duration("0s", "24h"), "5s", """
            How long an address stays a backend that answers leave out, while its name resolves; the name is looked up twice
            more meanwhile. One that comes back in time goes on as it was, with what is known of it."""));

    public static final Setting<InetSocketAddress> DNS_SERVERS = add(new Setting<>(
            Group.TRAFFIC, "dns.servers", List.of("dns-servers"), Shape.LIST, AddressForms.NAME_SERVER, "", """
            The name servers to ask, by address, with a port other than 53 if need be; then names are as they are, and
            nobody else is asked. By default those of `/etc/resolv.conf`, with its search list and options, and what they do
            not know is asked of the host's own resolver. `/etc/hosts` comes first in any case."""));

    public static final Setting<String> BACKEND_LABELS =
            add(new Setting<>(Group.TRAFFIC, "backends[].labels", List.of(), Shape.MAP, Forms.ANY, "", """
            Words about the backend that a strategy plugin may use, such as `zone: a`."""));

    public static final Setting<String> STRATEGY = add(new Setting<>(
            Group.STRATEGY,
            "load_balancing.strategy",
            List.of("lb-strategy"),
            Shape.ONE,
            Forms.STRATEGY,
            "round-robin",
            """
            How a backend is chosen: `round-robin`, `ip-hash`, `least-connections`, or the name of a plugin. `-version`
            lists what was found."""));

    public static final Setting<String> OPTIONS = add(new Setting<>(
            Group.STRATEGY, "load_balancing.options", List.of("lb-option"), Shape.MAP, Forms.OPTION, "", """
            An option of the strategy; its own documentation says which there are. Options of several doors add up, but
            those of a door that names another strategy than the one chosen are left out with it."""));

    public static final Setting<String> STICKY_COOKIE = add(
            new Setting<>(Group.STICKY, "sticky.cookie", List.of("sticky-cookie"), Shape.ONE, Forms.COOKIE, "", """
            The name of a cookie that keeps a client with its backend, whatever the strategy, as long as that backend is
            well. Without a name there is none. Its value is a signature: it tells nobody the backend."""));

    public static final Setting<Path> STICKY_KEY_FILE = add(new Setting<>(
            Group.STICKY, "sticky.key_file", List.of("sticky-key-file"), Shape.LIST, Forms.FILE, "", """
            A file with the secret the values are made with: 16 to 4096 bytes of any kind, without an end of line behind
            them. Several instances with the same secret know each other's cookies. Of several files the first makes
            cookies, and those of all are known, so that a secret can be replaced: a client with a cookie of another gets one
            of the first. Without it each start makes up its own; a warning is logged."""));

    public static final Setting<Duration> STICKY_MAX_AGE = add(new Setting<>(
            Group.STICKY,
            "sticky.max_age",
            List.of("sticky-max-age"),
            Shape.ONE,
            Forms.duration("0s", "9600h"),
            "0s",
            """
            How long a client keeps the cookie, counted from when it got its backend. 0s is until the browser ends."""));

    public static final Setting<String> STICKY_PATH = add(
            new Setting<>(Group.STICKY, "sticky.path", List.of("sticky-path"), Shape.ONE, Forms.COOKIE_PATH, "/", """
            The path the cookie is for, with all below it."""));

    public static final Setting<StickyConfig.SameSite> STICKY_SAME_SITE = add(new Setting<>(
            Group.STICKY,
            "sticky.same_site",
            List.of("sticky-same-site"),
            Shape.ONE,
            Forms.word("SAME_SITE", StickyConfig.SameSite.class),
            "lax",
            """
            With which requests that other sites cause browsers send the cookie. With `none` they send it with all, but only
            over https, so the listener has to speak TLS, or a trusted proxy before it. The cookie is HttpOnly, and Secure if
            the client came over https."""));

    public static final Setting<Duration> STICKY_DRAIN = add(new Setting<>(
            Group.STICKY,
            "sticky.drain",
            List.of("sticky-drain"),
            Shape.ONE,
            Forms.duration("0s", "9600h"),
            "5m",
            """
            How long a backend of weight 0 still gets the requests of the clients that are kept with it. After that they move
            to others."""));

    public static final Setting<StickyConfig.Cacheable> STICKY_CACHEABLE = add(new Setting<>(
            Group.STICKY,
            "sticky.cacheable",
            List.of("sticky-cacheable"),
            Shape.ONE,
            Forms.word("CACHEABLE", StickyConfig.Cacheable.class),
            "keep",
            """
            What is done about a response that sets the cookie and says `public` or `s-maxage`: `keep` passes it on as it is,
            `no_store` with `Cache-Control: no-store` instead, so that no cache in front gives one client's cookie to another."""));

    public static final Setting<Path> TLS_CERT =
            add(new Setting<>(Group.TLS, "tls.cert_file", List.of("tls-cert"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the certificate chain of the listener, its own certificate first. With a certificate and its
            key the listener speaks TLS 1.2 and 1.3, and nothing else."""));

    public static final Setting<Path> TLS_KEY =
            add(new Setting<>(Group.TLS, "tls.key_file", List.of("tls-key"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the private key of that certificate: RSA or EC, in PKCS#8, PKCS#1 or SEC1, not encrypted."""));

    public static final Setting<TlsConfig.Provider> TLS_PROVIDER = add(new Setting<>(
            Group.TLS,
            "tls.provider",
            List.of("tls-provider"),
            Shape.ONE,
            Forms.word("PROVIDER", TlsConfig.Provider.class),
            "auto",
            """
            Whose TLS the listener speaks: that of the system's OpenSSL 3, or that of the Java runtime, which takes more
            CPU. `auto` is OpenSSL if it can be used; the log says which it is."""));

    public static final Setting<Path> BACKEND_TLS_CA = add(new Setting<>(
            Group.TLS, "backend_tls.ca_file", List.of("backend-tls-ca-file"), Shape.ONE, Forms.FILE, "", """
            A PEM file with the authorities to trust for `https` backends, in place of the system's."""));

    public static final Setting<Boolean> BACKEND_TLS_VERIFY = add(new Setting<>(
            Group.TLS, "backend_tls.verify", List.of("backend-tls-verify"), Shape.SWITCH, Forms.SWITCH, "true", """
            Whether the certificates of `https` backends are verified. With false anybody on the way can read and change
            the traffic; a warning is logged."""));

    public static final Setting<String> BACKEND_TLS_SERVER_NAME = add(new Setting<>(
            Group.TLS,
            "backend_tls.server_name",
            List.of("backend-tls-server-name"),
            Shape.ONE,
            Forms.SERVER_NAME,
            "",
            """
            The name that `https` backends are asked for (SNI), and that their certificates must be for, in place of the
            host of each one's URL: for backends given by address. Checks ask for it, too."""));

    public static final Setting<String> HEALTH_PATH = add(new Setting<>(
            Group.HEALTH, "health_checking.path", List.of("health-check-path"), Shape.ONE, Forms.PROBE_PATH, "", """
            What to ask each backend for to see if it is well. Without it there are no active checks, but for those that
            only connect."""));

    public static final Setting<HealthConfig.Kind> HEALTH_KIND = add(new Setting<>(
            Group.HEALTH,
            "health_checking.kind",
            List.of("health-check-kind"),
            Shape.ONE,
            Forms.word("KIND", HealthConfig.Kind.class),
            "http",
            """
            What a check does: `http` sends a request for the path, over TLS to an `https` backend; `tcp` only connects."""));

    public static final Setting<String> HEALTH_METHOD = add(new Setting<>(
            Group.HEALTH,
            "health_checking.method",
            List.of("health-check-method"),
            Shape.ONE,
            Forms.METHOD,
            "GET",
            """
            The method of a check."""));

    public static final Setting<String> HEALTH_HOST = add(new Setting<>(
            Group.HEALTH, "health_checking.host", List.of("health-check-host"), Shape.ONE, Forms.HOST, "", """
            The Host a check asks for; by default the backend's own host and port."""));

    public static final Setting<StatusRange> HEALTH_STATUSES = add(new Setting<>(
            Group.HEALTH,
            "health_checking.statuses",
            List.of("health-check-statuses"),
            Shape.ONE,
            Forms.STATUSES,
            "200-399",
            """
            The statuses of a backend that is well."""));

    public static final Setting<String> HEALTH_BODY = add(new Setting<>(
            Group.HEALTH, "health_checking.body", List.of("health-check-body"), Shape.ONE, Forms.ANY, "", """
            What the answer of a backend that is well contains, within its first 64 KiB. By default anything."""));

    public static final Setting<Integer> HEALTH_RISE = add(new Setting<>(
            Group.HEALTH,
            "health_checking.rise",
            List.of("health-check-rise"),
            Shape.ONE,
            Forms.count(1, 1_000),
            "2",
            """
            So many good checks in a row bring a backend back."""));

    public static final Setting<Integer> HEALTH_FALL = add(new Setting<>(
            Group.HEALTH,
            "health_checking.fall",
            List.of("health-check-fall"),
            Shape.ONE,
            Forms.count(1, 1_000),
            "3",
            """
            So many bad checks in a row take a backend out."""));

    public static final Setting<Integer> HEALTH_CONCURRENCY = add(new Setting<>(
            Group.HEALTH,
            "health_checking.concurrency",
            List.of("health-check-concurrency"),
            Shape.ONE,
            Forms.count(1, 10_000),
            "32",
            """
            The most checks at once; more wait for their turn."""));

    public static final Setting<Duration> HEALTH_INTERVAL = add(new Setting<>(
            Group.HEALTH,
            "health_checking.interval",
            List.of("health-check-interval"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            The time from one check of a backend to the next, give or take a tenth."""));

    public static final Setting<Duration> HEALTH_TIMEOUT = add(new Setting<>(
            Group.HEALTH,
            "health_checking.timeout",
            List.of("health-check-timeout"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "2s",
            """
            How long a check may take, all in all."""));

    public static final Setting<Boolean> HEALTH_DISABLED = add(new Setting<>(
            Group.HEALTH,
            "health_checking.disabled",
            List.of("disable-health-check"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Switches active checks off although there is a path."""));

    public static final Setting<Boolean> EJECTION_DISABLED = add(new Setting<>(
            Group.HEALTH, "ejection.disabled", List.of("disable-ejection"), Shape.SWITCH, Forms.SWITCH, "false", """
            Switches ejection off: otherwise a backend whose requests fail is left out for a while. What a client does
            wrong, and a client that leaves, is never held against a backend."""));

    public static final Setting<Integer> EJECTION_FAILURES = add(new Setting<>(
            Group.HEALTH,
            "ejection.failures",
            List.of("ejection-failures"),
            Shape.ONE,
            Forms.count(1, 1_000),
            "5",
            """
            So many failures in a row eject a backend: no connection, no answer in time, a broken one, or one of
            `statuses`. One that is back on probation gets three requests at once, until one succeeds: a failure ejects it
            again."""));

    public static final Setting<Integer> EJECTION_STATUSES = add(new Setting<>(
            Group.HEALTH,
            "ejection.statuses",
            List.of("ejection-statuses"),
            Shape.LIST,
            Forms.SERVER_ERROR,
            "502, 503, 504",
            """
            Statuses that are a failure of the backend, whoever asks and for what. Others from 500 on, but for 501 and
            505, may be the fault of a page or of a client: they eject a backend when there are `volume` of them in a row
            or they are `failure_percent` of its requests, if that is at least twice the part of the other backends, and
            not one client alone out of several gets them."""));

    public static final Setting<Integer> EJECTION_PERCENT = add(new Setting<>(
            Group.HEALTH,
            "ejection.failure_percent",
            List.of("ejection-failure-percent"),
            Shape.ONE,
            Forms.count(1, 100),
            "50",
            """
            So large a part of its requests failing ejects a backend, too, counted from a failure on for `window`, once
            there are `volume` of them."""));

    public static final Setting<Integer> EJECTION_VOLUME = add(new Setting<>(
            Group.HEALTH,
            "ejection.volume",
            List.of("ejection-volume"),
            Shape.ONE,
            Forms.count(1, 1_000_000),
            "20",
            """
            The fewest requests a part is taken of, and the most in a row that may fail by a status that is not one of
            `statuses`."""));

    public static final Setting<Duration> EJECTION_WINDOW = add(new Setting<>(
            Group.HEALTH,
            "ejection.window",
            List.of("ejection-window"),
            Shape.ONE,
            Forms.duration("100ms", "1h"),
            "10s",
            """
            The time for which requests and failures are counted together."""));

    public static final Setting<Duration> EJECTION_TIME = add(new Setting<>(
            Group.HEALTH,
            "ejection.time",
            List.of("ejection-time"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            How long a backend is left out the first time; twice as long each time its probation fails. `rise` checks in a
            row that pass end it sooner, and what it has grown to. A backend that is left out is still asked before a
            request fails."""));

    public static final Setting<Duration> EJECTION_MAX_TIME = add(new Setting<>(
            Group.HEALTH,
            "ejection.max_time",
            List.of("ejection-max-time"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "5m",
            """
            The longest it is left out."""));

    public static final Setting<Integer> EJECTION_MAX_PERCENT = add(new Setting<>(
            Group.HEALTH,
            "ejection.max_percent",
            List.of("ejection-max-percent"),
            Shape.ONE,
            Forms.count(0, 100),
            "50",
            """
            The largest part of the backends that is left out at once, rounded up; the last one that is in service never
            is, so a single backend is not either."""));

    public static final Setting<Duration> SLOW_START = add(new Setting<>(
            Group.HEALTH, "slow_start", List.of("slow-start"), Shape.ONE, Forms.duration("0s", "24h"), "0s", """
            How long a backend that comes back takes to get its whole share, from a tenth on, so that it can warm up. 0s
            is at once."""));

    public static final Setting<EjectionConfig.AllDown> ALL_DOWN = add(new Setting<>(
            Group.HEALTH,
            "all_down",
            List.of("all-down"),
            Shape.ONE,
            Forms.word("POLICY", EjectionConfig.AllDown.class),
            "fail",
            """
            What is done when checks hold down every backend there is for a request: `fail` answers 503, `try_all` balances
            over them as if they were well. Before that, those that are ejected are asked, the one that was left out the
            longest first."""));

    public static final Setting<Integer> RETRY_ATTEMPTS = add(new Setting<>(
            Group.RETRIES, "retry.attempts", List.of("retry-attempts"), Shape.ONE, Forms.count(1, 100), "3", """
            How many backends are tried in all for a request that was sent, if one breaks the connection or sends no valid
            response: never once a response has begun, only with a method that is idempotent, and only with a body of which
            nothing is lost (`retry.body`). 1 is no repetition.
            As long as none could be connected to, nothing was sent, and the next one is tried anyway."""));

    public static final Setting<Integer> RETRY_STATUSES = add(new Setting<>(
            Group.RETRIES, "retry.statuses", List.of("retry-statuses"), Shape.LIST, Forms.SERVER_ERROR, "", """
            Statuses of a backend that are taken for a failure, too, such as 502, 503 and 504, as long as there is another
            backend to try."""));

    public static final Setting<Boolean> RETRY_NON_IDEMPOTENT = add(new Setting<>(
            Group.RETRIES,
            "retry.non_idempotent",
            List.of("retry-non-idempotent"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Whether POST, PATCH and the like are repeated as well: only for backends that can take a request twice."""));

    public static final Setting<Integer> RETRY_BUDGET = add(new Setting<>(
            Group.RETRIES,
            "retry.budget_percent",
            List.of("retry-budget-percent"),
            Shape.ONE,
            Forms.count(0, 100),
            "20",
            """
            The repetitions there may be for a hundred requests, so that an outage is not made worse; some are always
            saved up for a sudden one."""));

    public static final Setting<Boolean> RETRY_ON_TIMEOUT = add(new Setting<>(
            Group.RETRIES, "retry.on_timeout", List.of("retry-on-timeout"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether a backend that has not answered within `timeouts.first_byte` is followed by another, as one that broke the
            connection is. That deadline is one for each backend then, and `timeouts.request` one for all."""));

    public static final Setting<Long> RETRY_BODY = add(new Setting<>(
            Group.RETRIES, "retry.body", List.of("retry-body"), Shape.ONE, Forms.size("0", "1024TiB"), "64KiB", """
            How much of a request body, as it comes, is kept so that the request can be repeated; one with a larger body is
            repeated only as long as nothing of it was sent. 0 keeps nothing but what came with the head. Up to the default
            it costs nothing: so much is in a buffer anyway."""));

    public static final Setting<Long> RETRY_BODY_MEMORY = add(new Setting<>(
            Group.RETRIES,
            "retry.body_memory",
            List.of("retry-body-memory"),
            Shape.ONE,
            Forms.size("0", "1GiB"),
            "64KiB",
            """
            How much of that is kept in memory, besides the buffer it is read into. What goes beyond is written to a file that
            has no name any more when it is open; there are at most 64 such files at once."""));

    public static final Setting<Path> RETRY_BODY_FOLDER = add(new Setting<>(
            Group.RETRIES, "retry.body_folder", List.of("retry-body-folder"), Shape.ONE, Forms.FOLDER, "", """
            Where those files are, by default in the folder of the system for such, which may be memory, too."""));

    public static final Setting<RetryConfig.Reuse> RETRY_REUSE = add(new Setting<>(
            Group.RETRIES,
            "retry.reuse",
            List.of("retry-reuse"),
            Shape.ONE,
            Forms.word("REUSE", RetryConfig.Reuse.class),
            "safe",
            """
            Which connections to a backend are used again for a request that may not be repeated: `safe` takes one only if it
            is seen to be open at that moment, which costs such a request a system call; `always` takes any that others would."""));

    public static final Setting<Boolean> PRESERVE_HOST = add(new Setting<>(
            Group.FORWARDING,
            "forwarding.preserve_host",
            List.of("preserve-host"),
            Shape.SWITCH,
            Forms.SWITCH,
            "true",
            """
            Whether a backend gets the Host the client sent; with false it gets its own host and port."""));

    public static final Setting<Cidr> TRUSTED_PROXIES = add(new Setting<>(
            Group.FORWARDING,
            "forwarding.trusted_proxies",
            List.of("trusted-proxies"),
            Shape.LIST,
            AddressForms.CIDR,
            "",
            """
            Peers whose `X-Forwarded-*`, `Forwarded`, `X-Real-IP` and other fields about the client are believed: addresses, or
            blocks such as `10.0.0.0/8`. What others send of these is replaced or left out (docs/wire-behaviours.md)."""));

    public static final Setting<Boolean> ALLOW_TRACE = add(new Setting<>(
            Group.FORWARDING,
            "forwarding.allow_trace",
            List.of("allow-trace"),
            Shape.SWITCH,
            Forms.SWITCH,
            "false",
            """
            Whether TRACE requests are forwarded, which show a client the fields added on the way; otherwise they get a
            405."""));

    public static final Setting<ForwardingConfig.Underscores> UNDERSCORES = add(new Setting<>(
            Group.FORWARDING,
            "forwarding.underscores",
            List.of("underscores"),
            Shape.ONE,
            Forms.word("UNDERSCORES", ForwardingConfig.Underscores.class),
            "drop",
            """
            What is done about a field of a request whose name has an underscore, which many applications cannot tell from one
            with a dash: `drop` leaves it out, `pass` passes it on unless it could be taken for one that Waffle itself sets or
            goes by, such as `X_Forwarded_For`, `refuse` answers 400."""));

    public static final Setting<ForwardingConfig.RawTargets> RAW_TARGETS = add(new Setting<>(
            Group.FORWARDING,
            "forwarding.raw_targets",
            List.of("raw-targets"),
            Shape.ONE,
            Forms.word("RAW_TARGETS", ForwardingConfig.RawTargets.class),
            "refuse",
            """
            What is done about a request target with bytes beyond ASCII, such as raw UTF-8: `refuse` answers 400, `encode` passes
            each of them on percent-encoded; the head must be within `limits.head` as it is passed on, too."""));

    public static final Setting<Boolean> FORWARDED = add(new Setting<>(
            Group.FORWARDING, "forwarding.forwarded", List.of("forwarded"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether `Forwarded` (RFC 7239) is written into requests as well: with `for`, `host` and `proto`, behind what a
            trusted proxy has written."""));

    public static final Setting<Boolean> VIA = add(
            new Setting<>(Group.FORWARDING, "forwarding.via", List.of("via"), Shape.ONE, Forms.SWITCH, "true", """
            Whether `Via` is written into requests, by which a request is known that comes back in a circle; it gets a 508. With
            it some servers do not compress: nginx unless `gzip_proxied` says so."""));

    public static final Setting<Boolean> LENIENCY = add(
            new Setting<>(Group.FORWARDING, "leniency", List.of("leniency"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether lines in the head of a response may end in LF alone, as some scripts and devices write them; otherwise
            such a response becomes a 502. Clients get CRLF."""));

    public static final Setting<String> REQUEST_HEADERS_ADD = add(new Setting<>(
            Group.FORWARDING, "request_headers.add", List.of("request-header-add"), Shape.MAP, Forms.HEADER, "", """
            A field that requests get on their way to a backend, besides those of the same name."""));

    public static final Setting<String> REQUEST_HEADERS_SET = add(new Setting<>(
            Group.FORWARDING, "request_headers.set", List.of("request-header-set"), Shape.MAP, Forms.HEADER, "", """
            A field that requests get in place of those of the same name, Waffle's own such as `X-Forwarded-Proto` included."""));

    public static final Setting<String> REQUEST_HEADERS_REMOVE = add(new Setting<>(
            Group.FORWARDING,
            "request_headers.remove",
            List.of("request-header-remove"),
            Shape.LIST,
            Forms.HEADER_NAME,
            "",
            """
            A field that no request has on its way to a backend, Waffle's own included."""));

    public static final Setting<String> RESPONSE_HEADERS_ADD = add(new Setting<>(
            Group.FORWARDING,
            "response_headers.add",
            List.of("response-header-add"),
            Shape.MAP,
            Forms.HEADER,
            "",
            """
            A field that the responses of backends get, besides those of the same name. Interim responses, and answers of
            Waffle's own, get none."""));

    public static final Setting<String> RESPONSE_HEADERS_SET = add(new Setting<>(
            Group.FORWARDING,
            "response_headers.set",
            List.of("response-header-set"),
            Shape.MAP,
            Forms.HEADER,
            "",
            """
            A field that the responses of backends get in place of those of the same name."""));

    public static final Setting<String> RESPONSE_HEADERS_REMOVE = add(new Setting<>(
            Group.FORWARDING,
            "response_headers.remove",
            List.of("response-header-remove"),
            Shape.LIST,
            Forms.HEADER_NAME,
            "",
            """
            A field of responses of backends that clients do not get."""));

    public static final Setting<Long> LIMIT_REQUEST_LINE = add(new Setting<>(
            Group.LIMITS,
            "limits.request_line",
            List.of("limit-request-line"),
            Shape.ONE,
            Forms.size("256", "60KiB"),
            "8KiB",
            """
            The longest request line; a longer one gets a 414. Not more than the head."""));

    public static final Setting<Long> LIMIT_HEAD = add(new Setting<>(
            Group.LIMITS, "limits.head", List.of("limit-head"), Shape.ONE, Forms.size("1KiB", "60KiB"), "32KiB", """
            The largest head of a request, which gets a 431 beyond it, or of a response, which becomes a 502."""));

    public static final Setting<Integer> LIMIT_FIELDS = add(new Setting<>(
            Group.LIMITS, "limits.fields", List.of("limit-fields"), Shape.ONE, Forms.count(10, 1_000), "100", """
            The most field lines in a head; beyond it as for the head."""));

    public static final Setting<Long> LIMIT_TRAILERS = add(new Setting<>(
            Group.LIMITS,
            "limits.trailers",
            List.of("limit-trailers"),
            Shape.ONE,
            Forms.size("1KiB", "60KiB"),
            "",
            """
            The most bytes of trailers behind a body, of as many fields as a head may have; by default as much as
            `limits.head`. A request with more gets a 431; of a response the rest of them is left out."""));

    public static final Setting<Long> LIMIT_REQUEST_BODY = add(new Setting<>(
            Group.LIMITS,
            "limits.request_body",
            List.of("limit-request-body"),
            Shape.ONE,
            Forms.size("0", "1024TiB"),
            "0",
            """
            The largest request body; a larger one gets a 413. 0 is no bound: bodies are streamed, and held no further
            than `retry.body` says."""));

    public static final Setting<Integer> LIMIT_CONNECTIONS = add(new Setting<>(
            Group.LIMITS,
            "limits.connections",
            List.of("limit-connections"),
            Shape.ONE,
            Forms.count(0, 10_000_000),
            "0",
            """
            The most client connections at once; more wait to be accepted. 0 is as many as the file limit of the process
            allows."""));

    public static final Setting<Integer> LIMIT_BACKEND_IN_FLIGHT = add(new Setting<>(
            Group.LIMITS,
            "limits.backend_in_flight",
            List.of("limit-backend-in-flight"),
            Shape.ONE,
            Forms.count(0, 1_000_000),
            "0",
            """
            The most requests each backend is sent at once; more wait. A tunnel counts for as long as it is open. 0 is no
            bound."""));

    public static final Setting<Integer> LIMIT_QUEUE = add(new Setting<>(
            Group.LIMITS, "limits.queue", List.of("limit-queue"), Shape.ONE, Forms.count(0, 1_000_000), "1000", """
            The most requests that wait, first come, first served, while all backends have as many as they may; one more
            gets a 503 at once."""));

    public static final Setting<Integer> LIMIT_IDLE = add(new Setting<>(
            Group.LIMITS,
            "limits.idle_backend_connections",
            List.of("limit-idle-backend-connections"),
            Shape.ONE,
            Forms.count(0, 100_000),
            "256",
            """
            The most idle connections kept to each backend. 0 keeps none."""));

    public static final Setting<Long> LIMIT_MEMORY = add(new Setting<>(
            Group.LIMITS,
            "limits.memory",
            List.of("limit-memory"),
            Shape.ONE,
            Forms.sizeOrZero("4MiB", "1024TiB"),
            "0",
            """
            The most memory that traffic takes: connections, buffers, what is kept of bodies and logs. Near it idle clients
            are closed, then new ones wait, then requests get a 503. 0 is what heap, direct memory and container leave for
            it."""));

    public static final Setting<Integer> LIMIT_MIN_HEAD_RATE = add(new Setting<>(
            Group.LIMITS,
            "limits.min_head_rate",
            List.of("limit-min-head-rate"),
            Shape.ONE,
            Forms.count(0, 1_000_000_000),
            "240",
            """
            The least bytes a second at which the head of a request must come, on the average, once it has taken 5s; else
            it gets a 408, as past `timeouts.request_head`. 0 is no bound."""));

    public static final Setting<Integer> LIMIT_MIN_BODY_RATE = add(new Setting<>(
            Group.LIMITS,
            "limits.min_body_rate",
            List.of("limit-min-body-rate"),
            Shape.ONE,
            Forms.count(0, 1_000_000_000),
            "0",
            """
            The least bytes a second at which a body must come and go, either way, on the average of the time its sender
            or its receiver was waited for, once that is 5s. Streams are quiet at times: 0 is no bound."""));

    public static final Setting<Duration> TIMEOUT_TLS_HANDSHAKE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.tls_handshake",
            List.of("timeout-tls-handshake"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            From accepting a connection to the end of its TLS handshake; then it is closed."""));

    public static final Setting<Duration> TIMEOUT_REQUEST_HEAD = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.request_head",
            List.of("timeout-request-head"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            From the first byte of a request to the end of its head; then it gets a 408."""));

    public static final Setting<Duration> TIMEOUT_KEEP_ALIVE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.keep_alive",
            List.of("timeout-keep-alive"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "75s",
            """
            How long a client connection may idle between requests."""));

    public static final Setting<Duration> TIMEOUT_REQUEST = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.request",
            List.of("timeout-request"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            From a request to the head of its response, with all waiting, connecting and repeating; then the client gets a
            504. The time its body takes to be sent is not counted, nor the response. 0s is no bound."""));

    public static final Setting<Duration> TIMEOUT_BODY = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.body",
            List.of("timeout-body"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "60s",
            """
            How long a body, either way, may stand still: how long the client may send nothing of it or take nothing, and
            the backend take nothing. For a backend that sends nothing there is `timeouts.response_idle`."""));

    public static final Setting<Duration> TIMEOUT_RESPONSE_IDLE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.response_idle",
            List.of("timeout-response-idle"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "0s",
            """
            How long a response may stand still because the backend sends nothing, as an event stream does between two
            events. 0s is as long as `timeouts.body`."""));

    public static final Setting<Duration> TIMEOUT_CONNECT = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.connect",
            List.of("timeout-connect"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "5s",
            """
            For a connection to a backend, with its TLS handshake; then another is tried, or the client gets a 504."""));

    public static final Setting<Duration> TIMEOUT_QUEUE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.queue",
            List.of("timeout-queue"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "1s",
            """
            How long a request waits for a backend that has as many as it may; then the client gets a 503."""));

    public static final Setting<Duration> TIMEOUT_FIRST_BYTE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.first_byte",
            List.of("timeout-first-byte"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "60s",
            """
            From the end of a request to the head of its response; then the client gets a 504."""));

    public static final Setting<Duration> TIMEOUT_BACKEND_KEEP_ALIVE = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.backend_keep_alive",
            List.of("timeout-backend-keep-alive"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "60s",
            """
            How long a backend connection may idle. Less than the backends' own keep-alive time avoids repeats."""));

    public static final Setting<Duration> TIMEOUT_BACKEND_LIFETIME = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.backend_lifetime",
            List.of("timeout-backend-lifetime"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "10m",
            """
            How long a backend connection is used for one request after the other, up to a tenth more or less, so that
            traffic follows the addresses of a name and balancers behind. What is in flight then ends first. 0s is no bound."""));

    public static final Setting<Duration> TIMEOUT_TUNNEL = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.tunnel",
            List.of("timeout-tunnel"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "1h",
            """
            How long a tunnel, such as a WebSocket, may stand still."""));

    public static final Setting<Duration> TIMEOUT_TUNNEL_FIN = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.tunnel_fin",
            List.of("timeout-tunnel-fin"),
            Shape.ONE,
            Forms.duration("10ms", "24h"),
            "10s",
            """
            How long a tunnel may stand still one side of which has ended its stream. A WebSocket, which knows no such
            state, has 5s of it at most."""));

    public static final Setting<Duration> TIMEOUT_DRAIN = add(new Setting<>(
            Group.TIMEOUTS,
            "timeouts.drain",
            List.of("timeout-drain"),
            Shape.ONE,
            Forms.duration("0s", "24h"),
            "30s",
            """
            How long a stop waits for the requests in flight."""));

    public static final Setting<Duration> SHUTDOWN_DELAY = add(new Setting<>(
            Group.TIMEOUTS,
            "shutdown.delay",
            List.of("shutdown-delay"),
            Shape.ONE,
            Forms.duration("0s", "1h"),
            "0s",
            """
            How long Waffle serves on, new connections too, between being told to stop and stopping, while `/readyz` says
            no: for those who send traffic here need a while to hear of it. `timeouts.drain` begins behind it."""));

    public static final Setting<LoggingConfig.Level> LOG_LEVEL = add(new Setting<>(
            Group.LOGGING,
            "logging.level",
            List.of("log-level"),
            Shape.ONE,
            Forms.word("LEVEL", LoggingConfig.Level.class, Synonyms.LEVELS),
            "info",
            """
            The least important messages that are logged."""));

    public static final Setting<LoggingConfig.Format> LOG_FORMAT = add(new Setting<>(
            Group.LOGGING,
            "logging.format",
            List.of("log-format"),
            Shape.ONE,
            Forms.word("FORMAT", LoggingConfig.Format.class),
            "text",
            """
            How a line of the log looks: for people, or a JSON object for machines. The log goes to standard error."""));

    public static final Setting<Path> ACCESS_LOG =
            add(new Setting<>(Group.LOGGING, "access_log.file", List.of("access-log"), Shape.ONE, Forms.FILE, "", """
            The file that gets a line for each request; `-` is standard output. Without it there is none. If the disk does
            not keep up, lines are dropped, and the log says how many. A file that was moved away is begun anew, by SIGUSR1 at
            once. A named pipe keeps what it has room for while nobody reads."""));

    public static final Setting<AccessFormat> ACCESS_LOG_FORMAT = add(new Setting<>(
            Group.LOGGING,
            "access_log.format",
            List.of("access-log-format"),
            Shape.ONE,
            Forms.ACCESS_FORMAT,
            "combined",
            """
            How a line looks: `common`, `combined`, `json`, or a text with variables. `{client}`, `{time}`, `{method}`,
            `{target}`, `{version}`, `{host}`, `{referer}`, `{user_agent}`, `{status}` (499 for a client that left),
            `{bytes}` of the body, `{backend}`, `{strategy}`, `{reason}` for that backend (`policy`; `sticky`; `retry`; `fallback`, in
            place of a strategy that failed; `all_down`; `queue`), `{attempts}`, `{first_byte_ms}`, `{duration_ms}`, `{queue_ms}`,
            `{connect_ms}` (none for a connection that was used again). If it did not end well: `{fault}`; `{ended_by}`
            (`client`, `backend`, `waffle`); `{phase}` (`request_head`, `queue`, `connect`, `request`, `response_head`,
            `response`, `tunnel`). `{tries}`: the attempts one by one, as `backend=status/connect/first byte/total`. Of a
            request that was refused, what could be read is told; of any value, the first 2 KiB."""));

    public static final Setting<Long> ACCESS_LOG_MAX_SIZE = add(new Setting<>(
            Group.LOGGING,
            "access_log.max_size",
            List.of("access-log-max-size"),
            Shape.ONE,
            Forms.size("0", "1024TiB"),
            "0",
            """
            When the file has grown to this, it is put aside as `FILE.1`, that one as `FILE.2`, and so on. 0 is never."""));

    public static final Setting<Integer> ACCESS_LOG_KEEP = add(new Setting<>(
            Group.LOGGING, "access_log.keep", List.of("access-log-keep"), Shape.ONE, Forms.count(0, 1_000), "5", """
            How many of those are kept."""));

    public static final Setting<ListenAddress> ADMIN = add(
            new Setting<>(Group.ADMIN, "admin.listen", List.of("admin"), Shape.ONE, AddressForms.LOOPBACK, "", """
            Where the admin API listens (docs/admin-api.md): on a loopback address only. Without it there is none."""));

    public static final Setting<ListenAddress> METRICS_LISTEN = add(new Setting<>(
            Group.ADMIN, "metrics.listen", List.of("metrics-listen"), Shape.ONE, AddressForms.LISTEN, "", """
            Where a listener for those who only look listens: orchestrators and balancers in front, which ask `/healthz` and
            `/readyz`. On any address, without a token; it tells no secret and changes nothing. Without it there is none."""));

    public static final Setting<Path> ADMIN_TOKEN = add(new Setting<>(
            Group.ADMIN, "admin.token_file", List.of("admin-token-file"), Shape.ONE, Forms.FILE, "", """
            A file with the token that whoever changes something sends as `Authorization: Bearer TOKEN`: at least 16
            characters, without blanks, read at start and at each reload. Without it the admin API changes nothing."""));

    public static final Setting<Path> CONFIG =
            add(new Setting<>(Group.COMMANDS, "", List.of("config"), Shape.ONE, Forms.FILE, "", """
            A YAML file with any of the settings that have a YAML key. Flags and variables win over it. Relative paths in
            it are relative to its folder."""));

    public static final Setting<Path> PLUGINS =
            add(new Setting<>(Group.COMMANDS, "plugins", List.of("plugins"), Shape.ONE, Forms.FOLDER, "", """
            The folder with strategy plugins: jars, or folders of jars. By default `plugins` beside the `lib` folder
            Waffle was started from, if there is one."""));

    public static final Setting<Boolean> WATCH =
            add(new Setting<>(Group.COMMANDS, "watch", List.of("watch"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether the configuration is read anew whenever its file, or one for TLS that it names, has changed, as it is at
            a SIGHUP. One that is wrong changes nothing, and the log says why."""));

    public static final Setting<Path> PID_FILE =
            add(new Setting<>(Group.COMMANDS, "pid_file", List.of("pid-file"), Shape.ONE, Forms.FILE, "", """
            A file that has the number of the process while it serves, for `waffle reload`, `waffle stop` and others that
            want to know. Read at start. Without it there is none."""));

    public static final Setting<Boolean> RELOAD =
            add(new Setting<>(Group.COMMANDS, "", List.of("reload"), Shape.COMMAND, Forms.SWITCH, "false", """
            Has the Waffle that runs by this configuration read it anew, and exits: by its admin API if there is one that
            may change something, and then says what came of it, else by SIGHUP to the process of `pid_file`. Written without
            a dash, too: `waffle reload -config FILE`."""));

    public static final Setting<Boolean> STOP =
            add(new Setting<>(Group.COMMANDS, "", List.of("stop"), Shape.COMMAND, Forms.SWITCH, "false", """
            Stops the Waffle of `pid_file` by SIGTERM, waits until it has ended, and exits. Written without a dash, too:
            `waffle stop -pid-file FILE`."""));

    public static final Setting<Boolean> CHECK =
            add(new Setting<>(Group.COMMANDS, "", List.of("check"), Shape.COMMAND, Forms.SWITCH, "false", """
            Checks everything that is configured, the strategy and the TLS files too, says so, and exits."""));

    public static final Setting<Boolean> DEMO =
            add(new Setting<>(Group.COMMANDS, "", List.of("demo"), Shape.COMMAND, Forms.SWITCH, "false", """
            Starts three small backends of its own and balances over them, and prints what to try."""));

    public static final Setting<Boolean> VERSION =
            add(new Setting<>(Group.COMMANDS, "", List.of("version", "v"), Shape.COMMAND, Forms.SWITCH, "false", """
            Prints the versions of Waffle, Java and Helidon and the strategies found, and exits."""));

    public static final Setting<Boolean> HELP =
            add(new Setting<>(Group.COMMANDS, "", List.of("help", "h"), Shape.COMMAND, Forms.SWITCH, "false", """
            Prints what one needs first, and exits; `-help GROUP` the settings of a group, as in `-help tls`, and `-help all`
            all of them."""));

    private Settings() {}

    /** All rows, in the order of the help. */
    public static List<Setting<?>> all() {
        return List.copyOf(TABLE);
    }

    /** Those of a group that have a flag, in the order of the help. */
    public static List<Setting<?>> flagged(Group group) {
        return TABLE.stream()
                .filter(setting -> setting.group() == group && !setting.flags().isEmpty())
                .toList();
    }

    /** What Waffle can be asked to do instead of serving, in the order of the help. */
    public static List<Setting<?>> commands() {
        return TABLE.stream()
                .filter(setting -> setting.shape() == Shape.COMMAND)
                .toList();
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        TABLE.add(setting);
        return setting;
    }
}
