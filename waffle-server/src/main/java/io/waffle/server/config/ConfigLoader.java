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
        this.doors = typed.withFile(
                file, file.isEmpty() && (!problems.isEmpty() || typed.lacksValue(CommandSettings.CONFIG)));
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
        return early.find(CommandSettings.CONFIG)
                .flatMap(file -> ConfigFile.read(file, early.origin(CommandSettings.CONFIG), problems));
    }

    private Configuration load() {
        StrategyOptions.Read strategy = new StrategyOptions(values, doors, problems).read();
        WaffleConfig config = new WaffleConfig(
                values.get(ListenerSettings.LISTEN),
                new BackendList(values, problems).read(doors),
                new DnsConfig(
                        values.get(BackendSettings.DNS_INTERVAL),
                        values.get(BackendSettings.DNS_GRACE),
                        values.list(BackendSettings.DNS_SERVERS)),
                strategy.config(),
                tls(),
                new BackendTlsConfig(
                        values.file(TlsSettings.BACKEND_CA),
                        values.get(TlsSettings.BACKEND_VERIFY),
                        values.find(TlsSettings.BACKEND_SERVER_NAME)),
                forwarding(),
                sticky(),
                limits(),
                timeouts(),
                health(),
                ejection(),
                values.get(HealthSettings.SLOW_START),
                new RetryConfig(
                        values.get(RetrySettings.ATTEMPTS),
                        Set.copyOf(values.list(RetrySettings.STATUSES)),
                        values.get(RetrySettings.NON_IDEMPOTENT),
                        values.get(RetrySettings.BUDGET),
                        values.get(RetrySettings.ON_TIMEOUT),
                        replay(),
                        values.get(RetrySettings.REUSE)),
                new LoggingConfig(values.get(LoggingSettings.LOG_LEVEL), values.get(LoggingSettings.LOG_FORMAT)),
                accessLog(),
                values.get(CommandSettings.WATCH),
                new AdminConfig(values.find(AdminSettings.LISTEN), values.file(AdminSettings.TOKEN)),
                values.get(TimeoutSettings.SHUTDOWN_DELAY),
                values.find(AdminSettings.METRICS_LISTEN),
                pidFile());
        new HeaderFields(values, doors, problems).checkRoom(config);
        refuseClash(AdminSettings.LISTEN, config.admin().listen(), config.listen());
        refuseClash(AdminSettings.METRICS_LISTEN, config.metricsListen(), config.listen());
        if (!problems.isEmpty()) {
            problems.addAll(doors.misspelt());
        }
        return new Configuration(
                config,
                values.find(CommandSettings.CONFIG),
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
                    values.origin(setting), where, "another address than that of " + ListenerSettings.LISTEN.name()));
        }
    }

    private ForwardingConfig forwarding() {
        HeaderFields headers = new HeaderFields(values, doors, problems);
        return new ForwardingConfig(
                values.get(ForwardingSettings.PRESERVE_HOST),
                values.list(ForwardingSettings.TRUSTED_PROXIES),
                values.get(ForwardingSettings.ALLOW_TRACE),
                values.get(ForwardingSettings.UNDERSCORES),
                values.get(ForwardingSettings.RAW_TARGETS),
                values.get(ForwardingSettings.FORWARDED),
                values.get(ForwardingSettings.VIA),
                values.get(ForwardingSettings.LENIENCY),
                headers.ofRequests(),
                headers.ofResponses());
    }

    private StickyConfig sticky() {
        StickyConfig sticky = new StickyConfig(
                values.find(StickySettings.COOKIE),
                values.files(StickySettings.KEY_FILE),
                values.get(StickySettings.MAX_AGE),
                values.get(StickySettings.PATH),
                values.get(StickySettings.SAME_SITE),
                values.get(StickySettings.DRAIN),
                values.get(StickySettings.CACHEABLE));
        for (Path file : sticky.keyFiles()) {
            SecretFile.problem(file)
                    .ifPresent(expected -> refuse(StickySettings.KEY_FILE, Optional.of(file), expected));
        }
        boolean overHttps = values.given(TlsSettings.CERT)
                || values.given(TlsSettings.CERTIFICATES)
                || values.given(ForwardingSettings.TRUSTED_PROXIES);
        if (sticky.enabled() && sticky.sameSite() == StickyConfig.SameSite.NONE && !overHttps) {
            problems.add(Problem.of(
                    values.origin(StickySettings.SAME_SITE),
                    "none",
                    TlsSettings.CERT.name() + " with it, or " + ForwardingSettings.TRUSTED_PROXIES.name()
                            + "; browsers take such a cookie over https only"));
        }
        sticky.cookie().flatMap(name -> unkept(name, sticky, overHttps)).ifPresent(problems::add);
        return sticky;
    }

    /** What the name of a cookie promises, and it would not keep: browsers do not take it then (RFC 6265bis section 4.1.3). */
    private Optional<Problem> unkept(String name, StickyConfig sticky, boolean overHttps) {
        String expected = "";
        if (StickyConfig.isForHttps(name) && !overHttps) {
            expected = TlsSettings.CERT.name() + " with it, or " + ForwardingSettings.TRUSTED_PROXIES.name()
                    + "; browsers take a cookie of this name over https only";
        } else if (StickyConfig.isForHost(name) && !sticky.path().equals("/")) {
            expected =
                    StickySettings.PATH.name() + " / with it; browsers take a cookie of this name for all paths only";
        }
        return expected.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(values.origin(StickySettings.COOKIE), name, expected));
    }

    private Optional<TlsConfig> tls() {
        Optional<Path> cert = values.file(TlsSettings.CERT);
        Optional<Path> key = values.file(TlsSettings.KEY);
        requireBoth(TlsSettings.CERT, TlsSettings.KEY);
        requireBoth(TlsSettings.KEY, TlsSettings.CERT);
        Optional<Path> folder = values.find(TlsSettings.CERTIFICATES);
        folder.flatMap(FileChecks::noFolder)
                .ifPresent(reason -> refuse(TlsSettings.CERTIFICATES, folder, "a folder that can be read; " + reason));
        TlsConfig tls = new TlsConfig(
                cert,
                key,
                values.get(TlsSettings.PROVIDER),
                folder,
                values.get(TlsSettings.UNKNOWN_NAMES),
                new TlsPolicyConfig(
                        values.get(TlsSettings.PROFILE),
                        values.find(TlsSettings.MIN_VERSION),
                        values.list(TlsSettings.CIPHERS),
                        values.list(TlsSettings.GROUPS)),
                ClientCertificatesConfig.OFF,
                Optional.empty());
        return tls.hasCertificates() ? Optional.of(tls) : Optional.empty();
    }

    private AccessLogConfig accessLog() {
        Optional<Path> file = values.find(LoggingSettings.ACCESS_LOG);
        AccessFormat format = values.get(LoggingSettings.ACCESS_LOG_FORMAT);
        long maxSize = values.get(LoggingSettings.ACCESS_LOG_MAX_SIZE);
        int keep = values.get(LoggingSettings.ACCESS_LOG_KEEP);
        Optional<Path> named = file.filter(path -> !path.endsWith(STANDARD_OUTPUT));
        named.flatMap(FileChecks::unwritable)
                .ifPresent(reason -> refuse(
                        LoggingSettings.ACCESS_LOG,
                        named,
                        "a file that can be written, or - for standard output; " + reason));
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
                Math.toIntExact(values.get(LimitSettings.REQUEST_LINE)),
                Math.toIntExact(values.get(LimitSettings.HEAD)),
                values.get(LimitSettings.FIELDS),
                values.get(LimitSettings.REQUEST_BODY),
                values.get(LimitSettings.CONNECTIONS),
                values.get(LimitSettings.BACKEND_IN_FLIGHT),
                values.get(LimitSettings.QUEUE),
                values.get(LimitSettings.IDLE),
                Math.toIntExact(values.find(LimitSettings.TRAILERS).orElse(values.get(LimitSettings.HEAD))),
                values.get(LimitSettings.MEMORY),
                values.get(LimitSettings.MIN_HEAD_RATE),
                values.get(LimitSettings.MIN_BODY_RATE));
        if (limits.requestLine() > limits.head()) {
            refuseOrder(
                    LimitSettings.REQUEST_LINE,
                    LimitSettings.HEAD,
                    "a request line of " + limits.requestLine() + " bytes in a head of " + limits.head());
        }
        return limits;
    }

    private TimeoutsConfig timeouts() {
        return new TimeoutsConfig(
                values.get(TimeoutSettings.TLS_HANDSHAKE),
                values.get(TimeoutSettings.REQUEST_HEAD),
                values.get(TimeoutSettings.KEEP_ALIVE),
                values.get(TimeoutSettings.REQUEST),
                values.get(TimeoutSettings.BODY),
                values.get(TimeoutSettings.CONNECT),
                values.get(TimeoutSettings.QUEUE),
                values.get(TimeoutSettings.FIRST_BYTE),
                values.get(TimeoutSettings.BACKEND_KEEP_ALIVE),
                values.get(TimeoutSettings.BACKEND_LIFETIME),
                values.get(TimeoutSettings.TUNNEL),
                values.get(TimeoutSettings.DRAIN),
                responseIdle(),
                values.get(TimeoutSettings.TUNNEL_FIN));
    }

    /** A response is a body, as long as nothing else is said of it. */
    private Duration responseIdle() {
        Duration own = values.get(TimeoutSettings.RESPONSE_IDLE);
        return own.isZero() ? values.get(TimeoutSettings.BODY) : own;
    }

    /** Who only lowers the bound to the whole need not think of that to its part. */
    private ReplayConfig replay() {
        long most = values.get(RetrySettings.BODY);
        long memory = values.get(RetrySettings.BODY_MEMORY);
        if (memory > most && values.given(RetrySettings.BODY_MEMORY)) {
            refuseOrder(RetrySettings.BODY_MEMORY, RetrySettings.BODY, memory + " bytes of at most " + most);
        }
        Optional<Path> folder = values.find(RetrySettings.BODY_FOLDER);
        folder.flatMap(FileChecks::noFolderToWrite)
                .ifPresent(reason ->
                        refuse(RetrySettings.BODY_FOLDER, folder, "a folder that can be written to; " + reason));
        return new ReplayConfig(most, Math.min(memory, most), folder);
    }

    private HealthConfig health() {
        return new HealthConfig(
                values.get(HealthSettings.KIND),
                values.find(HealthSettings.PATH),
                values.get(HealthSettings.METHOD),
                values.find(HealthSettings.HOST),
                values.get(HealthSettings.STATUSES),
                values.find(HealthSettings.BODY),
                values.get(HealthSettings.INTERVAL),
                values.get(HealthSettings.TIMEOUT),
                values.get(HealthSettings.RISE),
                values.get(HealthSettings.FALL),
                values.get(HealthSettings.CONCURRENCY),
                values.get(HealthSettings.DISABLED));
    }

    private EjectionConfig ejection() {
        EjectionConfig ejection = new EjectionConfig(
                values.get(HealthSettings.EJECTION_DISABLED),
                values.get(HealthSettings.EJECTION_FAILURES),
                values.get(HealthSettings.EJECTION_PERCENT),
                values.get(HealthSettings.EJECTION_VOLUME),
                values.get(HealthSettings.EJECTION_WINDOW),
                values.get(HealthSettings.EJECTION_TIME),
                values.get(HealthSettings.EJECTION_MAX_TIME),
                values.get(HealthSettings.EJECTION_MAX_PERCENT),
                values.get(HealthSettings.ALL_DOWN),
                Set.copyOf(values.list(HealthSettings.EJECTION_STATUSES)));
        if (ejection.time().compareTo(ejection.maxTime()) > 0) {
            refuseOrder(
                    HealthSettings.EJECTION_TIME,
                    HealthSettings.EJECTION_MAX_TIME,
                    ejection.time().toMillis() + " ms of at most "
                            + ejection.maxTime().toMillis() + " ms");
        }
        return ejection;
    }

    private Optional<Path> pidFile() {
        Optional<Path> file = values.find(CommandSettings.PID_FILE);
        file.flatMap(FileChecks::unwritable)
                .ifPresent(reason -> refuse(CommandSettings.PID_FILE, file, "a file that can be written; " + reason));
        return file;
    }

    private Optional<Path> plugins() {
        Optional<Path> folder = values.find(CommandSettings.PLUGINS);
        folder.flatMap(FileChecks::noFolder)
                .ifPresent(reason -> refuse(CommandSettings.PLUGINS, folder, "a folder that can be read; " + reason));
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
