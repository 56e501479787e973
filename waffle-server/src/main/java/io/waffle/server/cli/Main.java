// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.cli;

import io.waffle.server.config.CommandSettings;
import io.waffle.server.config.ConfigLoader;
import io.waffle.server.config.Configuration;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.LoggingConfig;
import io.waffle.server.config.Problem;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.run.Banner;
import io.waffle.server.run.DeepChecks;
import io.waffle.server.run.FileWatch;
import io.waffle.server.run.LastWords;
import io.waffle.server.run.Logs;
import io.waffle.server.run.PluginsFolder;
import io.waffle.server.run.Reload;
import io.waffle.server.run.RouteReport;
import io.waffle.server.run.ServiceManager;
import io.waffle.server.run.Signals;
import io.waffle.server.run.StartException;
import io.waffle.server.run.StopHook;
import io.waffle.server.run.Waffle;
import io.waffle.server.run.Warnings;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** The command. The only class that may touch the console and end the process. */
public final class Main {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int UNREACHABLE = 3;

    private final Map<String, String> environment;
    private final Path folder;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A command that sees nothing of the process but this.
     *
     * @param folder the working directory
     */
    Main(Map<String, String> environment, Path folder, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.folder = folder;
        this.out = out;
        this.err = err;
    }

    /** Runs the command line, and ends the process with its exit code. */
    public static void main(String[] args) {
        // What is written for machines, and for people everywhere, has the digits of ASCII.
        Locale.setDefault(Locale.ROOT);
        Path folder = Path.of("").toAbsolutePath();
        Thread.setDefaultUncaughtExceptionHandler(new LastWords(System.err, Runtime.getRuntime()::halt));
        System.exit(new Main(System.getenv(), folder, System.out, System.err).run(args));
    }

    /**
     * Runs a command line to its end; a load balancer ends when the thread is interrupted, or the process is told to stop.
     *
     * @return the exit code: 0, 1 if Waffle cannot start though all is well configured, or does not do what it is asked for, 2 if something is
     *     wrong with what was given, 3 if there is no Waffle to ask
     */
    int run(String... args) {
        Arguments arguments = Arguments.parse(List.of(args), folder);
        Optional<String> topic = arguments.helpTopic();
        if (topic.isPresent()) {
            return help(topic.get());
        }
        if (arguments.operation().isPresent()) {
            return operate(arguments.operation().get(), arguments);
        }
        if (arguments.has(CommandSettings.RELOAD) || arguments.has(CommandSettings.STOP)) {
            return ask(arguments);
        }
        if (!arguments.has(CommandSettings.DEMO)) {
            return run(arguments);
        }
        try (Demo demo = demo()) {
            return run(arguments.withDemo(demo.file()));
        } catch (IOException e) {
            err.println("cannot start: the configuration of the demo cannot be written: " + IoReason.of(e));
            return FAILED;
        }
    }

    private int help(String topic) {
        Optional<String> text = Help.on(topic);
        if (text.isEmpty()) {
            err.println(Help.unknown(topic));
            return WRONG_USAGE;
        }
        out.print(text.get());
        return OK;
    }

    /** Before it is known what the log is to look like; Helidon would tell of each server. */
    private Demo demo() throws IOException {
        try (Logs logs = Logs.install(new LoggingConfig(LoggingConfig.Level.WARNING, LoggingConfig.Format.TEXT), err)) {
            logs.say(Level.DEBUG, "starting the servers of the demo");
            return Demo.start();
        }
    }

    /** By the admin API of the Waffle that runs already; whatever else is configured for it need not be right. */
    private int operate(Operation operation, Arguments arguments) {
        List<Problem> wrong = new ArrayList<>(arguments.problems());
        OperatingOptions options = OperatingOptions.of(arguments, wrong);
        Configuration configuration = load(arguments.withSomeBackend());
        Optional<AdminClient> client = AdminClient.of(configuration.config().admin());
        List<Problem> problems = DeepChecks.sorted(wrong, client.isPresent() ? List.of() : configuration.problems());
        problems.forEach(err::println);
        if (problems.isEmpty() && client.isEmpty()) {
            err.println(operation.word()
                    + ": no admin API is configured (expected: -admin HOST:PORT, or -config FILE, as the"
                    + " Waffle that runs has it)");
        }
        if (!problems.isEmpty() || client.isEmpty()) {
            return WRONG_USAGE;
        }
        try (AdminClient admin = client.get()) {
            return new Operating(admin, options, out, InstantSource.system()).run(operation);
        } catch (AdminClient.Failed e) {
            err.println(e.getMessage());
            return e.isAnswered() ? FAILED : UNREACHABLE;
        }
    }

    /** Something of the Waffle that runs already. Who only wants it to stop need not have a configuration that is right. */
    private int ask(Arguments arguments) {
        Configuration configuration = load(arguments.withSomeBackend());
        boolean known = arguments.has(CommandSettings.STOP)
                && configuration.config().pidFile().isPresent();
        List<Problem> problems = DeepChecks.sorted(arguments.problems(), known ? List.of() : configuration.problems());
        if (!problems.isEmpty()) {
            problems.forEach(err::println);
            err.println("Nothing was asked for.");
            return WRONG_USAGE;
        }
        try {
            Running running = new Running(configuration.config(), out);
            if (arguments.has(CommandSettings.RELOAD)) {
                running.reload();
            } else {
                running.stop();
            }
            return OK;
        } catch (Running.Failed e) {
            err.println(e.getMessage());
            return FAILED;
        }
    }

    private int run(Arguments arguments) {
        boolean serves = !arguments.has(CommandSettings.VERSION)
                && !arguments.has(CommandSettings.CHECK)
                && !Explaining.isAsked(arguments);
        Signals signals =
                serves ? Signals.heed() : Signals.none(); // first: who changes a file that has been read is heard
        Configuration configuration = load(arguments);
        FileWatch watch = FileWatch.of(configuration);
        Plugins plugins = Plugins.load(PluginsFolder.of(configuration));
        if (arguments.has(CommandSettings.VERSION) && arguments.problems().isEmpty()) {
            out.print(Versions.text(plugins));
            return OK;
        }
        DeepChecks checks = new DeepChecks(configuration, plugins);
        List<Problem> shallow = DeepChecks.sorted(arguments.problems(), configuration.problems());
        if (!shallow.isEmpty()) {
            return complain(DeepChecks.sorted(shallow, checks.run()));
        }
        if (Explaining.isAsked(arguments)) {
            return explain(new Explaining(arguments, configuration.config()), checks);
        }
        return arguments.has(CommandSettings.CHECK)
                ? check(configuration, checks, plugins)
                : serve(arguments, configuration, watch, signals, plugins, checks);
    }

    private Configuration load(Arguments arguments) {
        return ConfigLoader.load(arguments.given(), environment, folder);
    }

    private int check(Configuration configuration, DeepChecks checks, Plugins plugins) {
        List<Problem> problems = checks.run();
        if (!problems.isEmpty()) {
            return complain(problems);
        }
        plugins.problems().forEach(problem -> err.println("warning: plugin not loaded: " + problem));
        checks.warnings().forEach(warning -> err.println("warning: " + warning));
        Warnings.of(configuration).forEach(warning -> err.println("warning: " + warning));
        checks.routes().forEach(out::println);
        out.println("configuration is valid");
        return OK;
    }

    private int explain(Explaining explaining, DeepChecks checks) {
        List<Explaining.Asked> asked = explaining.read();
        List<Problem> problems = DeepChecks.sorted(explaining.problems(), checks.routeProblems());
        if (!problems.isEmpty()) {
            return complain(problems);
        }
        try {
            RouteReport report = new RouteReport(explaining.config());
            for (Explaining.Asked each : asked) {
                out.println(each.text());
                report.lines(each.question()).forEach(line -> out.println("  " + line));
            }
            return OK;
        } catch (StartException e) {
            return explain(e, checks);
        }
    }

    private int complain(List<Problem> problems) {
        problems.forEach(err::println);
        err.println("Nothing was started. -help leads to all settings, -demo shows Waffle at work.");
        return WRONG_USAGE;
    }

    private int serve(
            Arguments arguments,
            Configuration configuration,
            FileWatch files,
            Signals signals,
            Plugins plugins,
            DeepChecks checks) {
        try (FileWatch watch = files;
                Logs logs = Logs.install(configuration.config().logging(), err, isColoured());
                StopHook stop = StopHook.set(logs, () -> Runtime.getRuntime().halt(OK))) {
            signals.awaitHeeded();
            plugins.problems().forEach(problem -> logs.say(Level.WARNING, "plugin not loaded: " + problem));
            try (Waffle waffle = Waffle.bind(configuration.config(), plugins)) {
                Reload reload = new Reload(() -> load(arguments), configuration, plugins, waffle, logs);
                signals.onReopen(waffle::reopenLogs);
                Optional<ServiceManager> manager = ServiceManager.of(environment);
                waffle.serve(() -> reload.run("admin API"));
                Warnings.of(configuration).forEach(warning -> logs.say(Level.WARNING, warning));
                stop.started(waffle, manager);
                signals.onHangUp(() -> {
                    manager.ifPresent(ServiceManager::reloading);
                    reload.run("SIGHUP");
                    manager.ifPresent(ServiceManager::ready);
                });
                if (arguments.has(CommandSettings.DEMO)) {
                    out.print(Demo.text(
                            waffle.address(),
                            configuration.config().listeners().getFirst().tls().isPresent()));
                    out.flush();
                }
                manager.ifPresent(ServiceManager::ready);
                watch.start(reload);
                awaitInterrupt();
                return OK;
            } catch (StartException e) {
                return explain(e, checks);
            }
        }
    }

    /** What is wrong with the configuration has a place, and another exit code than what is wrong with the machine. */
    private int explain(StartException e, DeepChecks checks) {
        List<Problem> problems = checks.runForStart();
        if (!problems.isEmpty()) {
            return complain(problems);
        }
        err.println("cannot start: " + Optional.ofNullable(e.getMessage()).orElse("for no stated reason"));
        return FAILED;
    }

    /** On a terminal, unless the user wants none (no-color.org). */
    private boolean isColoured() {
        return Banner.isWatched() && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Returns when this thread is interrupted. */
    private static void awaitInterrupt() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // and what is done then must be able to wait
        }
    }
}
