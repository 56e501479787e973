// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrecedenceTest {

    private static final String BACKENDS = "http://app1:3000,http://app2:3000";

    @TempDir
    private Path folder;

    @Test
    void flagsWinOverVariablesOverTheFileOverDefaults() throws IOException {
        Path file = file("backends: [http://file:1]\ntimeouts: {body: 3s, connect: 3s, drain: 3s}\n");
        Map<String, String> environment =
                Map.of("WAFFLE_CONFIG", file.toString(), "WAFFLE_TIMEOUT_BODY", "2s", "WAFFLE_TIMEOUT_CONNECT", "2s");
        Configuration configuration = load(Map.of(TimeoutSettings.BODY, List.of("1s")), environment);
        assertEquals(List.of(), configuration.problems());
        TimeoutsConfig timeouts = configuration.config().timeouts();
        assertEquals(Duration.ofSeconds(1), timeouts.body());
        assertEquals(Duration.ofSeconds(2), timeouts.connect());
        assertEquals(Duration.ofSeconds(3), timeouts.drain());
        assertEquals(Duration.ofSeconds(60), timeouts.firstByte());
    }

    @Test
    void anEmptyVariableAndAnEmptyKeyAreNone() throws IOException {
        Path file = file("listen:\ntls:\nbackends: [http://file:1]\nload_balancing: {strategy: , options: }\n");
        Configuration configuration =
                load(Map.of(), Map.of("WAFFLE_CONFIG", file.toString(), "WAFFLE_BACKENDS", "", "WAFFLE_TLS_CERT", ""));
        assertEquals(List.of(), configuration.problems());
        assertEquals(
                new ListenAddress(Optional.empty(), 8080),
                configuration.config().listeners().getFirst().address());
        assertEquals(
                "file:1",
                configuration.config().pools().getFirst().backends().getFirst().id());
    }

    @Test
    void optionsOfSeveralDoorsAddUp() throws IOException {
        Path file = file("load_balancing: {strategy: mine, options: {a.b: 1, c: 1}}\n");
        Configuration configuration = load(
                Map.of(
                        BackendSettings.BACKENDS, List.of(BACKENDS),
                        CommandSettings.CONFIG, List.of(file.toString()),
                        StrategySettings.OPTIONS, List.of("d=x,y=z")),
                Map.of("WAFFLE_LB_OPTION", "c=2,d=2"));
        assertEquals(List.of(), configuration.problems());
        assertEquals(
                new StrategyConfig("mine", Map.of("a.b", "1", "c", "2", "d", "x,y=z")),
                configuration.config().pools().getFirst().loadBalancing());
    }

    @Test
    void optionsOfAStrategyThatIsNotChosenAreLeftOut() throws IOException {
        Path file = file("load_balancing: {strategy: mine, options: {a: 1}}\n");
        Configuration configuration = load(
                Map.of(
                        BackendSettings.BACKENDS, List.of(BACKENDS),
                        StrategySettings.NAME, List.of("other"),
                        CommandSettings.CONFIG, List.of(file.toString())),
                Map.of());
        assertEquals(
                new StrategyConfig("other", Map.of()),
                configuration.config().pools().getFirst().loadBalancing());
    }

    @Test
    void pathsAreRelativeToWhereTheyAreWritten() throws IOException {
        Path conf = Files.createDirectory(folder.resolve("conf"));
        Files.writeString(conf.resolve("ca.pem"), "");
        Files.writeString(folder.resolve("ca.pem"), "");
        Files.writeString(
                conf.resolve("waffle.yaml"), "backends: [http://a]\nbackend_tls: {ca_file: ca.pem}\nplugins: .\n");
        Configuration ofFile = load(Map.of(CommandSettings.CONFIG, List.of("conf/waffle.yaml")), Map.of());
        assertEquals(List.of(), ofFile.problems());
        assertEquals(
                Optional.of(conf.resolve("ca.pem")),
                ofFile.config().pools().getFirst().backendTls().caFile());
        assertEquals(Optional.of(conf), ofFile.plugins());
        Configuration ofFlag = load(
                Map.of(BackendSettings.BACKENDS, List.of(BACKENDS), TlsSettings.BACKEND_CA, List.of("ca.pem")),
                Map.of());
        assertEquals(
                Optional.of(folder.resolve("ca.pem")),
                ofFlag.config().pools().getFirst().backendTls().caFile());
    }

    @Test
    void nothingIsSubstituted() throws IOException {
        Path file = file("""
                backends: [http://a]
                load_balancing: {options: {secret: '${listen}$x', tuple: "a\\\\${b}", java.version: kept}}
                """);
        Configuration configuration = load(Map.of(CommandSettings.CONFIG, List.of(file.toString())), Map.of());
        assertEquals(
                Map.of("secret", "${listen}$x", "tuple", "a\\${b}", "java.version", "kept"),
                configuration.config().pools().getFirst().loadBalancing().options());
    }

    private Configuration load(Map<Setting<?>, List<String>> flags, Map<String, String> environment) {
        return Loading.load(flags, environment, folder);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("waffle.yaml"), yaml);
    }
}
