// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SettingsTest {

    /** The names that are shorter than the rule would have them, or older. */
    private static final Map<String, String> SHORT = Map.ofEntries(
            Map.entry("load_balancing.strategy", "lb-strategy"),
            Map.entry("load_balancing.options", "lb-option"),
            Map.entry("tls.cert_file", "tls-cert"),
            Map.entry("tls.key_file", "tls-key"),
            Map.entry("health_checking.disabled", "disable-health-check"),
            Map.entry("ejection.disabled", "disable-ejection"),
            Map.entry("access_log.file", "access-log"),
            Map.entry("admin.listen", "admin"),
            Map.entry("logging.level", "log-level"),
            Map.entry("logging.format", "log-format"));

    /** For each setting with a YAML path, a value that is not the default; none needs more than this. */
    private static final Map<String, String> SAMPLES = Map.ofEntries(
            Map.entry("NUMBER", "17"),
            Map.entry("DURATION", "17s"),
            Map.entry("SIZE", "1717"),
            Map.entry("PATH", "/well"),
            Map.entry("FILE", "some.pem"),
            Map.entry("DIR", "."),
            Map.entry("NAME", "mine"),
            Map.entry("KEY=VALUE", "a=b"),
            Map.entry("LEVEL", "debug"),
            Map.entry("FORMAT", "json"),
            Map.entry("PROVIDER", "jsse"),
            Map.entry("UNKNOWN_NAMES", "refuse"),
            Map.entry("PROFILE", "modern"),
            Map.entry("VERSION", "1.3"),
            Map.entry("MODE", "optional"),
            Map.entry("POLICY", "try_all"),
            Map.entry("CACHEABLE", "no_store"),
            Map.entry("REUSE", "always"),
            Map.entry("UNDERSCORES", "pass"),
            Map.entry("RAW_TARGETS", "encode"),
            Map.entry("NAME=VALUE", "X-A=b"),
            Map.entry("BOOLEAN", "false"),
            Map.entry("SAME_SITE", "strict"),
            Map.entry("STATUS", "517"),
            Map.entry("STATUSES", "204-217"),
            Map.entry("KIND", "tcp"),
            Map.entry("METHOD", "HEAD"),
            Map.entry("HOST", "other:17"),
            Map.entry("TEXT", "well"),
            Map.entry("PATTERN", "json"),
            Map.entry("URL", "http://other:1"),
            Map.entry("ADDRESS[:PORT]", "127.0.0.1:17"),
            Map.entry("CIDR", "10.0.0.0/8,::1"),
            Map.entry("LOOPBACK:PORT", "127.0.0.1:17"),
            Map.entry("[HOST]:PORT", "127.0.0.1:17"));

    @TempDir
    private Path folder;

    static Stream<Setting<?>> all() {
        return Settings.all().stream();
    }

    static Stream<Setting<?>> withThreeDoors() {
        return all().filter(setting ->
                !setting.path().isEmpty() && setting.variable().isPresent());
    }

    @ParameterizedTest
    @MethodSource("all")
    void theFlagFollowsFromThePath(Setting<?> setting) {
        if (setting.path().isEmpty() || setting.flags().isEmpty()) {
            return;
        }
        String byRule = setting.path()
                .replaceFirst("^(timeout|limit|request_header|response_header)s\\.", "$1.")
                .replaceFirst("^forwarding\\.", "")
                .replaceFirst("^health_checking\\.", "health_check.")
                .replace('.', '-')
                .replace('_', '-');
        assertEquals(SHORT.getOrDefault(setting.path(), byRule), setting.flags().getFirst());
    }

    @Test
    void noNameIsUsedTwice() {
        Set<String> names = new HashSet<>();
        all().forEach(setting -> {
            setting.flags().forEach(flag -> assertTrue(names.add("-" + flag), flag));
            setting.variable().ifPresent(variable -> assertTrue(names.add(variable), variable));
            assertTrue(setting.path().isEmpty() || names.add(setting.path()), setting.path());
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void theDefaultFitsTheForm(Setting<?> setting) throws InvalidValue {
        if (!setting.fallback().isEmpty()) {
            RawValue all = new RawValue(setting.fallback(), Origin.flag(0, "test"), folder);
            for (RawValue one : Sources.split(setting, all).toList()) {
                setting.form().read(one);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("withThreeDoors")
    void eachDoorSetsTheSame(Setting<?> setting) throws IOException {
        Files.writeString(folder.resolve("some.pem"), "sixteen bytes or more");
        String text = setting.shape() == Setting.Shape.SWITCH
                ? (setting.fallback().equals("true") ? "false" : "true")
                : SAMPLES.get(setting.placeholder());
        Map<Setting<?>, List<String>> others = needed(setting);
        Map<Setting<?>, List<String>> flags = new HashMap<>(others);
        flags.put(setting, List.of(text));
        Configuration byFlag = load(flags, Map.of(), "");
        Configuration byVariable = load(others, Map.of(setting.variable().orElseThrow(), text), "");
        Configuration byFile = load(others, Map.of(), yaml(setting, text));
        assertEquals(shape(byFlag), shape(byVariable));
        assertEquals(shape(byFlag), shape(byFile));
        assertTrue(!shape(byFlag).equals(shape(load(others, Map.of(), ""))), "changes nothing");
    }

    /** Those that make a listener speak TLS; the others change how. */
    private static final Set<Setting<?>> ALONE = Set.of(TlsSettings.CERT, TlsSettings.KEY, TlsSettings.CERTIFICATES);

    /** What a setting says something about. */
    private static Map<Setting<?>, List<String>> needed(Setting<?> setting) {
        return setting.path().startsWith("tls.") && !ALONE.contains(setting)
                ? Map.of(TlsSettings.CERT, List.of("some.pem"), TlsSettings.KEY, List.of("some.pem"))
                : Map.of();
    }

    private static String yaml(Setting<?> setting, String text) {
        String value = setting.shape() == Setting.Shape.MAP ? "{" + text.replace("=", ": ") + "}" : text;
        if (setting.shape() == Setting.Shape.LIST) {
            value = "['" + text.replace(",", "', '") + "']";
        }
        String path = setting.path();
        for (int dot = path.lastIndexOf('.'); dot >= 0; dot = path.lastIndexOf('.')) {
            value = "{" + path.substring(dot + 1) + ": " + value + "}";
            path = path.substring(0, dot);
        }
        return path + ": " + value + "\n";
    }

    /** All that was read; half of a TLS pair shows in the message about the other half only. */
    private static String shape(Configuration configuration) {
        return new TreeMap<>(Map.of(
                        "config", configuration.config(),
                        "plugins", configuration.plugins(),
                        "problems",
                                configuration.problems().stream()
                                        .map(Problem::message)
                                        .filter(message -> !message.startsWith(
                                                "none (expected: at least one backend")) // each source says its own way
                                        .toList()))
                .toString();
    }

    private Configuration load(Map<Setting<?>, List<String>> flags, Map<String, String> environment, String yaml)
            throws IOException {
        Path file = Files.writeString(folder.resolve("waffle.yaml"), yaml);
        Map<Setting<?>, List<String>> all = new HashMap<>(flags);
        all.put(CommandSettings.CONFIG, List.of(file.toString()));
        return Loading.load(all, environment, folder);
    }
}
