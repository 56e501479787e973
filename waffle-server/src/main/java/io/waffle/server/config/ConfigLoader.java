// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes the configuration of what was given, and finds all that is wrong with it in one pass. */
public final class ConfigLoader {

    private static final String STANDARD_OUTPUT = "-";

    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Doors doors;
    private final Values values;

    private ConfigLoader(Doors typed) {
        Optional<FileNode> file = file(typed);
        this.doors = typed.withFile(file, file.isEmpty() && (!problems.isEmpty() || typed.lacksValue(Settings.CONFIG)));
        this.values = new Values(doors, problems);
    }

    /**
     * Reads all doors, and the files that are named.
     *
     * @param flags what the command line has, in its order; none for a flag that lacks its value
     * @param environment variables by name; of those that begin with {@code WAFFLE_} unknown ones are let be, since Kubernetes makes such
     *     up for a service of that name
     * @param folder the working directory
     */
    public static Configuration load(Map<Setting<?>, List<Given>> flags, Map<String, String> environment, Path folder) {
        return new ConfigLoader(new Doors(flags, environment, folder, Optional.empty(), false)).load();
    }

    private Optional<FileNode> file(Doors typed) {
        Values early = new Values(typed, problems);
        return early.find(Settings.CONFIG)
                .flatMap(file -> ConfigFile.read(file, early.origin(Settings.CONFIG), problems));
    }

    private Configuration load() {
        StrategyOptions.Read strategy = new StrategyOptions(values, doors, problems).read();
        WaffleConfig config = new WaffleConfig(
                values.get(Settings.LISTEN),
                new BackendList(values, problems).read(doors),
                new DnsConfig(
                        values.get(Settings.DNS_INTERVAL),
                        values.get(Settings.DNS_GRACE),
                        values.list(Settings.DNS_SERVERS)),
                strategy.config(),
                tls(),
                new BackendTlsConfig(
                        values.file(Settings.BACKEND_TLS_CA),
                        values.get(Settings.BACKEND_TLS_VERIFY),
                        values.find(Settings.BACKEND_TLS_SERVER_NAME)),
                forwarding(),
                sticky(),
                limits(),
                timeouts(),
                health(),
                ejection(),
                values.get(Settings.SLOW_START),
                new RetryConfig(
                        values.get(Settings.RETRY_ATTEMPTS),
                        Set.copyOf(values.list(Settings.RETRY_STATUSES)),
                        values.get(Settings.RETRY_NON_IDEMPOTENT),
                        values.get(Settings.RETRY_BUDGET),
                        values.get(Settings.RETRY_ON_TIMEOUT),
                        replay(),
                        values.get(Settings.RETRY_REUSE)),
                new LoggingConfig(values.get(Settings.LOG_LEVEL), values.get(Settings.LOG_FORMAT)),
                accessLog(),
                values.get(Settings.WATCH),
                new AdminConfig(values.find(Settings.ADMIN), values.file(Settings.ADMIN_TOKEN)),
                values.get(Settings.SHUTDOWN_DELAY),
                values.find(Settings.METRICS_LISTEN),
                pidFile());
        new HeaderFields(values, doors, problems).checkRoom(config);
        refuseClash(Settings.ADMIN, config.admin().listen(), config.listen());
        refuseClash(Settings.METRICS_LISTEN, config.metricsListen(), config.listen());
        if (!problems.isEmpty()) {
            problems.addAll(doors.misspelt());
        }
        return new Configuration(
                config,
                values.find(Settings.CONFIG),
                plugins(),
                List.copyOf(problems),
                values.origins(),
                strategy.origins());
    }

    /** One listener to an address: known before the second of them cannot be had. */
    private void refuseClash(Setting<ListenAddress> setting, Optional<ListenAddress> at, ListenAddress traffic) {
        if (at.filter(traffic::equals).isPresent() && traffic.port() != 0) {
            String where = traffic.host().map(Host::bracketed).orElse("") + ":" + traffic.port();
            problems.add(Problem.of(
                    values.origin(setting), where, "another address than that of " + Settings.LISTEN.name()));
        }
    }

    private ForwardingConfig forwarding() {
        HeaderFields headers = new HeaderFields(values, doors, problems);
        return new ForwardingConfig(
                values.get(Settings.PRESERVE_HOST),
                values.list(Settings.TRUSTED_PROXIES),
                values.get(Settings.ALLOW_TRACE),
                values.get(Settings.UNDERSCORES),
                values.get(Settings.RAW_TARGETS),
                values.get(Settings.FORWARDED),
                values.get(Settings.VIA),
                values.get(Settings.LENIENCY),
                headers.ofRequests(),
                headers.ofResponses());
    }

    private StickyConfig sticky() {
        StickyConfig sticky = new StickyConfig(
                values.find(Settings.STICKY_COOKIE),
                values.files(Settings.STICKY_KEY_FILE),
                values.get(Settings.STICKY_MAX_AGE),
                values.get(Settings.STICKY_PATH),
                values.get(Settings.STICKY_SAME_SITE),
                values.get(Settings.STICKY_DRAIN),
                values.get(Settings.STICKY_CACHEABLE));
        for (Path file : sticky.keyFiles()) {
            SecretFile.problem(file)
                    .ifPresent(expected -> refuse(Settings.STICKY_KEY_FILE, Optional.of(file), expected));
        }
        boolean overHttps = values.given(Settings.TLS_CERT) || values.given(Settings.TRUSTED_PROXIES);
        if (sticky.enabled() && sticky.sameSite() == StickyConfig.SameSite.NONE && !overHttps) {
            problems.add(Problem.of(
                    values.origin(Settings.STICKY_SAME_SITE),
                    "none",
                    Settings.TLS_CERT.name() + " with it, or " + Settings.TRUSTED_PROXIES.name()
                            + "; browsers take such a cookie over https only"));
        }
        sticky.cookie().flatMap(name -> unkept(name, sticky, overHttps)).ifPresent(problems::add);
        return sticky;
    }

    /** What the name of a cookie promises, and it would not keep: browsers do not take it then (RFC 6265bis section 4.1.3). */
    private Optional<Problem> unkept(String name, StickyConfig sticky, boolean overHttps) {
        String expected = "";
        if (StickyConfig.isForHttps(name) && !overHttps) {
            expected = Settings.TLS_CERT.name() + " with it, or " + Settings.TRUSTED_PROXIES.name()
                    + "; browsers take a cookie of this name over https only";
        } else if (StickyConfig.isForHost(name) && !sticky.path().equals("/")) {
            expected =
                    Settings.STICKY_PATH.name() + " / with it; browsers take a cookie of this name for all paths only";
        }
        return expected.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(values.origin(Settings.STICKY_COOKIE), name, expected));
    }

    private Optional<TlsConfig> tls() {
        Optional<Path> cert = values.file(Settings.TLS_CERT);
        Optional<Path> key = values.file(Settings.TLS_KEY);
        TlsConfig.Provider provider = values.get(Settings.TLS_PROVIDER);
        requireBoth(Settings.TLS_CERT, Settings.TLS_KEY);
        requireBoth(Settings.TLS_KEY, Settings.TLS_CERT);
        return cert.flatMap(certFile -> key.map(keyFile -> new TlsConfig(certFile, keyFile, provider)));
    }

    private AccessLogConfig accessLog() {
        Optional<Path> file = values.find(Settings.ACCESS_LOG);
        AccessFormat format = values.get(Settings.ACCESS_LOG_FORMAT);
        long maxSize = values.get(Settings.ACCESS_LOG_MAX_SIZE);
        int keep = values.get(Settings.ACCESS_LOG_KEEP);
        Optional<Path> named = file.filter(path -> !path.endsWith(STANDARD_OUTPUT));
        named.flatMap(FileChecks::unwritable)
                .ifPresent(reason -> refuse(
                        Settings.ACCESS_LOG, named, "a file that can be written, or - for standard output; " + reason));
        return new AccessLogConfig(file.isPresent(), named, format, maxSize, keep);
    }

    private void requireBoth(Setting<Path> one, Setting<Path> other) {
        if (values.given(one) && !values.given(other) && !doors.lacksValue(other)) {
            refuse(
                    one,
                    values.find(one),
                    other.name() + " with it; a certificate needs its key, and a key its certificate");
        }
    }

    private LimitsConfig limits() {
        LimitsConfig limits = new LimitsConfig(
                Math.toIntExact(values.get(Settings.LIMIT_REQUEST_LINE)),
                Math.toIntExact(values.get(Settings.LIMIT_HEAD)),
                values.get(Settings.LIMIT_FIELDS),
                values.get(Settings.LIMIT_REQUEST_BODY),
                values.get(Settings.LIMIT_CONNECTIONS),
                values.get(Settings.LIMIT_BACKEND_IN_FLIGHT),
                values.get(Settings.LIMIT_QUEUE),
                values.get(Settings.LIMIT_IDLE),
                Math.toIntExact(values.find(Settings.LIMIT_TRAILERS).orElse(values.get(Settings.LIMIT_HEAD))),
                values.get(Settings.LIMIT_MEMORY),
                values.get(Settings.LIMIT_MIN_HEAD_RATE),
                values.get(Settings.LIMIT_MIN_BODY_RATE));
        if (limits.requestLine() > limits.head()) {
            refuseOrder(
                    Settings.LIMIT_REQUEST_LINE,
                    Settings.LIMIT_HEAD,
                    "a request line of " + limits.requestLine() + " bytes in a head of " + limits.head());
        }
        return limits;
    }

    private TimeoutsConfig timeouts() {
        return new TimeoutsConfig(
                values.get(Settings.TIMEOUT_TLS_HANDSHAKE),
                values.get(Settings.TIMEOUT_REQUEST_HEAD),
                values.get(Settings.TIMEOUT_KEEP_ALIVE),
                values.get(Settings.TIMEOUT_REQUEST),
                values.get(Settings.TIMEOUT_BODY),
                values.get(Settings.TIMEOUT_CONNECT),
                values.get(Settings.TIMEOUT_QUEUE),
                values.get(Settings.TIMEOUT_FIRST_BYTE),
                values.get(Settings.TIMEOUT_BACKEND_KEEP_ALIVE),
                values.get(Settings.TIMEOUT_BACKEND_LIFETIME),
                values.get(Settings.TIMEOUT_TUNNEL),
                values.get(Settings.TIMEOUT_DRAIN),
                responseIdle(),
                values.get(Settings.TIMEOUT_TUNNEL_FIN));
    }

    /** A response is a body, as long as nothing else is said of it. */
    private Duration responseIdle() {
        Duration own = values.get(Settings.TIMEOUT_RESPONSE_IDLE);
        return own.isZero() ? values.get(Settings.TIMEOUT_BODY) : own;
    }

    /** Who only lowers the bound to the whole need not think of that to its part. */
    private ReplayConfig replay() {
        long most = values.get(Settings.RETRY_BODY);
        long memory = values.get(Settings.RETRY_BODY_MEMORY);
        if (memory > most && values.given(Settings.RETRY_BODY_MEMORY)) {
            refuseOrder(Settings.RETRY_BODY_MEMORY, Settings.RETRY_BODY, memory + " bytes of at most " + most);
        }
        Optional<Path> folder = values.find(Settings.RETRY_BODY_FOLDER);
        folder.flatMap(FileChecks::noFolderToWrite)
                .ifPresent(reason ->
                        refuse(Settings.RETRY_BODY_FOLDER, folder, "a folder that can be written to; " + reason));
        return new ReplayConfig(most, Math.min(memory, most), folder);
    }

    private HealthConfig health() {
        return new HealthConfig(
                values.get(Settings.HEALTH_KIND),
                values.find(Settings.HEALTH_PATH),
                values.get(Settings.HEALTH_METHOD),
                values.find(Settings.HEALTH_HOST),
                values.get(Settings.HEALTH_STATUSES),
                values.find(Settings.HEALTH_BODY),
                values.get(Settings.HEALTH_INTERVAL),
                values.get(Settings.HEALTH_TIMEOUT),
                values.get(Settings.HEALTH_RISE),
                values.get(Settings.HEALTH_FALL),
                values.get(Settings.HEALTH_CONCURRENCY),
                values.get(Settings.HEALTH_DISABLED));
    }

    private EjectionConfig ejection() {
        EjectionConfig ejection = new EjectionConfig(
                values.get(Settings.EJECTION_DISABLED),
                values.get(Settings.EJECTION_FAILURES),
                values.get(Settings.EJECTION_PERCENT),
                values.get(Settings.EJECTION_VOLUME),
                values.get(Settings.EJECTION_WINDOW),
                values.get(Settings.EJECTION_TIME),
                values.get(Settings.EJECTION_MAX_TIME),
                values.get(Settings.EJECTION_MAX_PERCENT),
                values.get(Settings.ALL_DOWN),
                Set.copyOf(values.list(Settings.EJECTION_STATUSES)));
        if (ejection.time().compareTo(ejection.maxTime()) > 0) {
            refuseOrder(
                    Settings.EJECTION_TIME,
                    Settings.EJECTION_MAX_TIME,
                    ejection.time().toMillis() + " ms of at most "
                            + ejection.maxTime().toMillis() + " ms");
        }
        return ejection;
    }

    private Optional<Path> pidFile() {
        Optional<Path> file = values.find(Settings.PID_FILE);
        file.flatMap(FileChecks::unwritable)
                .ifPresent(reason -> refuse(Settings.PID_FILE, file, "a file that can be written; " + reason));
        return file;
    }

    private Optional<Path> plugins() {
        Optional<Path> folder = values.find(Settings.PLUGINS);
        folder.flatMap(FileChecks::noFolder)
                .ifPresent(reason -> refuse(Settings.PLUGINS, folder, "a folder that can be read; " + reason));
        return folder;
    }

    /** A part is more than its whole: the fault of the part if that was given, else of the whole. */
    private void refuseOrder(Setting<?> part, Setting<?> whole, String actual) {
        Setting<?> culprit = values.given(part) ? part : whole;
        problems.add(Problem.of(values.origin(culprit), actual, part.name() + " of at most " + whole.name()));
    }

    private void refuse(Setting<Path> setting, Optional<Path> path, String expected) {
        problems.add(Problem.of(values.origin(setting), path.map(Path::toString).orElse(""), expected));
    }
}
