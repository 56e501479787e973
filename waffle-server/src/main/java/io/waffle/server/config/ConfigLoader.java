// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the configuration of what was given, and finds all that is wrong with it in one pass. */
public final class ConfigLoader {

    private static final String STANDARD_OUTPUT = "-";

    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Sources sources;
    private final Values values;
    private final SectionReader top;

    private ConfigLoader(Sources typed) {
        Optional<FileNode> file = file(typed);
        this.sources = typed.withFile(
                file, file.isEmpty() && (!problems.isEmpty() || typed.lacksValue(CommandSettings.CONFIG)));
        this.values = new Values(sources, problems);
        this.top = new SectionReader(values, sources, problems);
    }

    /**
     * Reads all sources, and the files that are named.
     *
     * @param flags what the command line has, in its order; none for a flag that lacks its value
     * @param environment variables by name; of those that begin with {@code WAFFLE_} unknown ones are let be, since Kubernetes makes such
     *     up for a service of that name
     * @param folder the working directory
     */
    public static Configuration load(
            Map<Setting<?>, List<RawValue>> flags, Map<String, String> environment, Path folder) {
        return new ConfigLoader(new Sources(flags, environment, folder, Optional.empty(), false, Optional.empty()))
                .load();
    }

    private Optional<FileNode> file(Sources typed) {
        Values early = new Values(typed, problems);
        return early.find(CommandSettings.CONFIG)
                .flatMap(file -> ConfigFile.read(file, early.origin(CommandSettings.CONFIG), problems));
    }

    private Configuration load() {
        AccessLists lists = new AccessLists(problems);
        Map<String, ListenerReader.Read> listeners = new ListenerList(values, sources, problems, lists).read();
        Map<String, PoolReader.Read> pools = new PoolList(values, sources, problems, isOverHttps(listeners)).read();
        RouteList routeList = new RouteList(values, sources, problems, lists);
        Map<String, RouteReader.Read> routes = routeList.read(pools.keySet(), listeners.keySet());
        WaffleConfig config = new WaffleConfig(
                listeners.values().stream().map(ListenerReader.Read::config).toList(),
                pools.values().stream().map(PoolReader.Read::config).toList(),
                routes.values().stream().map(RouteReader.Read::config).toList(),
                new PoolReader(values, sources, problems, true).dns(),
                top.limits(),
                top.timeouts(),
                top.replay(),
                values.get(ForwardingSettings.LENIENCY),
                new LoggingConfig(values.get(LoggingSettings.LOG_LEVEL), values.get(LoggingSettings.LOG_FORMAT)),
                accessLog(),
                values.get(CommandSettings.WATCH),
                new AdminConfig(values.find(AdminSettings.LISTEN), values.file(AdminSettings.TOKEN)),
                values.get(TimeoutSettings.SHUTDOWN_DELAY),
                values.find(AdminSettings.METRICS_LISTEN),
                pidFile(),
                routeList.errors(),
                lists.files());
        new HeaderFields(values, sources, problems).checkRoom(config);
        refuseClash(AdminSettings.LISTEN, config.admin().listen(), config.listeners());
        refuseClash(AdminSettings.METRICS_LISTEN, config.metricsListen(), config.listeners());
        if (!problems.isEmpty()) {
            problems.addAll(sources.misspelt());
        }
        Origins origins = new Origins(values.origins(), Map.of());
        return new Configuration(
                config,
                values.find(CommandSettings.CONFIG),
                plugins(),
                List.copyOf(problems),
                origins,
                origins(listeners, ListenerReader.Read::origins),
                origins(pools, PoolReader.Read::origins),
                origins(routes, RouteReader.Read::origins));
    }

    private static <R> Map<String, Origins> origins(Map<String, R> sections, Function<R, Origins> of) {
        return sections.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, section -> of.apply(section.getValue())));
    }

    /** Whether a cookie for https only may reach anybody. */
    private boolean isOverHttps(Map<String, ListenerReader.Read> listeners) {
        return values.given(TlsSettings.CERT)
                || values.given(TlsSettings.CERTIFICATES)
                || values.given(ForwardingSettings.TRUSTED_PROXIES)
                || listeners.values().stream()
                        .map(ListenerReader.Read::config)
                        .anyMatch(listener -> listener.tls().isPresent()
                                || !listener.forwarding().trustedProxies().isEmpty());
    }

    /** One listener to an address: known before the second of them cannot be had. */
    private void refuseClash(
            Setting<ListenAddress> setting, Optional<ListenAddress> at, List<ListenerConfig> listeners) {
        for (ListenerConfig traffic : listeners) {
            if (at.filter(traffic.address()::equals).isPresent()
                    && traffic.address().port() != 0) {
                String name = traffic.name().equals(WaffleConfig.DEFAULT)
                        ? ListenerSettings.LISTEN.name()
                        : "the listener " + traffic.name();
                problems.add(Problem.of(
                        values.origin(setting), traffic.address().text(), "another address than that of " + name));
            }
        }
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

    private void refuse(Setting<Path> setting, Optional<Path> path, String expected) {
        problems.add(Problem.of(values.origin(setting), path.map(Path::toString).orElse(""), expected));
    }
}
