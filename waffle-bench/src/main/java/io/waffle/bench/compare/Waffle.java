// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Waffle from the folder of a distribution. */
record Waffle(String name, Path home, Variant variant) implements Peer {

    static final String NAME = "waffle";
    static final String JDK_SCHEDULER = "waffle-jdk-scheduler";
    static final String BARE = "waffle-bare";

    private static final List<String> CHECKS = List.of("-health-check-path", "/small", "-health-check-interval", "1s");
    private static final List<String> NOTHING =
            List.of("-disable-ejection", "-retry-attempts", "1", "-retry-budget-percent", "0", "-retry-body", "0");

    /** How it is started. */
    enum Variant {
        /** By its launcher. */
        SHIPPED,
        /** Without the door to its own scheduler, on that of the JDK. */
        JDK_SCHEDULER,
        /** Without what it does for the case that a backend fails. */
        BARE
    }

    @Override
    public List<String> command(Site site) {
        List<String> command =
                new ArrayList<>(variant == Variant.JDK_SCHEDULER ? byJavaAlone() : List.of(home + "/bin/waffle"));
        command.addAll(List.of(
                "-listen",
                "127.0.0.1:" + site.port(),
                "-lb-strategy",
                site.scenario().strategy(),
                "-timeout-keep-alive",
                "300s",
                "-limit-connections",
                "12000",
                "-limit-idle-backend-connections",
                "256"));
        site.backends().forEach(backend -> command.addAll(List.of("-backends", "http://" + backend)));
        if (variant == Variant.BARE) {
            command.addAll(NOTHING);
        } else if (site.scenario().checks()) {
            command.addAll(CHECKS);
        }
        if (site.scenario().tls()) {
            Certificate certificate = site.certificate();
            command.addAll(List.of(
                    "-tls-cert",
                    certificate.chain().toString(),
                    "-tls-key",
                    certificate.key().toString()));
        }
        return command;
    }

    @Override
    public String version() throws IOException, InterruptedException {
        return Commands.run(List.of(home + "/bin/waffle", "-version"))
                .lines()
                .limit(2)
                .reduce((first, second) -> first + "; " + second)
                .orElse("");
    }

    @Override
    public boolean isJava() {
        return true;
    }

    /** As the launcher does it, but for the flag that opens the door. One poller: the best of those tried on two cores. */
    private List<String> byJavaAlone() {
        Path runtime = home.resolve("runtime/bin/java");
        return List.of(
                Files.isExecutable(runtime) ? runtime.toString() : Commands.java("java"),
                "-p",
                home.resolve("lib").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Djdk.readPollers=1",
                "-Dwaffle.home=" + home,
                "-Dio.helidon.metadata.mode=none",
                "-m",
                "io.waffle.server/io.waffle.server.cli.Main");
    }
}
