// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reference page and the sample file say what the table of settings says. */
final class ReferencePageTest {

    private static final Path PAGE = Path.of("..", "docs", "configuration.md");
    private static final Path SAMPLE = Path.of("..", "waffle-dist", "src", "main", "dist", "conf", "waffle.yaml");
    private static final String BEGIN = "<!-- settings -->\n";
    private static final String END = "<!-- end of settings -->\n";

    @TempDir
    private Path folder;

    /** With {@code -Dwaffle.write.docs=true} it writes the part of the page that follows from the table. */
    @Test
    void thePageHasTheTableAndNothingElse() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String after = page.substring(page.indexOf(END));
        if (Boolean.getBoolean("waffle.write.docs")) {
            Files.writeString(PAGE, before + table() + after);
        }
        assertEquals(
                before + table() + after,
                Files.readString(PAGE),
                "docs/configuration.md does not follow from the table of settings; this writes it: mvn -o -pl waffle-server -am test"
                        + " -Dtest=ReferencePageTest -Dwaffle.write.docs=true -Dsurefire.failIfNoSpecifiedTests=false");
    }

    /** In the sample every setting is commented out by a {@code #} right before it, prose by one and a blank, and shows its default where it has one. */
    @Test
    void theSampleNamesEverySettingAndItsDefault() throws IOException {
        String yaml = Files.readString(SAMPLE).replaceAll("(?m)^#(?! \\S|$)", "");
        Files.writeString(folder.resolve("waffle.yaml"), yaml);
        for (String file : List.of(
                "cert.pem", "key.pem", "ca.pem", "crl.pem", "admin.token", "closed.html", "none.html", "sorry.html")) {
            Files.writeString(folder.resolve(file), "");
        }
        Files.writeString(folder.resolve("sticky.key"), "sixteen bytes or more");
        Files.writeString(folder.resolve("ticket.key"), "thirty-two bytes or more of a secret");
        Files.createDirectory(folder.resolve("plugins"));
        Files.createDirectory(folder.resolve("bodies"));
        Files.createDirectory(folder.resolve("certs"));
        Configuration sample = Loading.load(Map.of(CommandSettings.CONFIG, List.of("waffle.yaml")), Map.of(), folder);
        assertEquals(List.of(), sample.problems());
        YamlTree tree = YamlTree.parse(yaml, (line, message) -> {});
        for (Setting<?> setting : Settings.all()) {
            assertTrue(setting.path().isEmpty() || names(tree, setting.path()), setting.path());
        }
        WaffleConfig defaults = Loading.load(Map.of(BackendSettings.BACKENDS, List.of("http://a")), Map.of(), folder)
                .config();
        assertEquals(
                defaults.listeners().getFirst().address(),
                sample.config().listeners().getFirst().address());
        assertEquals(defaults.limits(), sample.config().limits());
        assertEquals(defaults.timeouts(), sample.config().timeouts());
        assertEquals(
                defaults.pools().getFirst().ejection(),
                sample.config().pools().getFirst().ejection());
        assertEquals(
                defaults.routes().getFirst().retry(),
                withoutFolder(sample.config().routes().getFirst().retry()));
        assertEquals(
                defaults.pools().getFirst().sticky().maxAge(),
                sample.config().pools().getFirst().sticky().maxAge());
        assertEquals(
                defaults.pools().getFirst().sticky().path(),
                sample.config().pools().getFirst().sticky().path());
        assertEquals(
                defaults.pools().getFirst().sticky().sameSite(),
                sample.config().pools().getFirst().sticky().sameSite());
        assertEquals(
                defaults.pools().getFirst().sticky().drain(),
                sample.config().pools().getFirst().sticky().drain());
        assertEquals(defaults.logging(), sample.config().logging());
        assertTrue(sample.config().accessLog().enabled());
        assertEquals(defaults.accessLog().format(), sample.config().accessLog().format());
        assertEquals(defaults.accessLog().keep(), sample.config().accessLog().keep());
        assertEquals(
                defaults.pools().getFirst().health().interval(),
                sample.config().pools().getFirst().health().interval());
        assertEquals(
                defaults.pools().getFirst().health().timeout(),
                sample.config().pools().getFirst().health().timeout());
        assertEquals(
                defaults.routes().getFirst().forwarding().preserveHost(),
                sample.config().routes().getFirst().forwarding().preserveHost());
    }

    private static RetryConfig withoutFolder(RetryConfig retry) {
        ReplayConfig replay =
                new ReplayConfig(retry.replay().most(), retry.replay().memory(), Optional.empty());
        return new RetryConfig(
                retry.attempts(),
                retry.statuses(),
                retry.nonIdempotent(),
                retry.budgetPercent(),
                retry.onTimeout(),
                replay,
                retry.reuse());
    }

    /** As it ships, it sets nothing. */
    @Test
    void theSampleChangesNothing() throws IOException {
        Map<Setting<?>, List<String>> flags = new HashMap<>(Map.of(BackendSettings.BACKENDS, List.of("http://a")));
        WaffleConfig defaults = Loading.load(flags, Map.of(), folder).config();
        flags.put(CommandSettings.CONFIG, List.of(SAMPLE.toAbsolutePath().toString()));
        Configuration sample = Loading.load(flags, Map.of(), folder);
        assertEquals(List.of(), sample.problems());
        assertEquals(defaults, sample.config());
    }

    private static boolean names(YamlTree tree, String path) {
        if (path.isEmpty()) {
            return true;
        }
        String[] parts = path.split("\\.|(?=\\[])", 2);
        if (parts[0].isEmpty() || parts[0].equals("[]")) {
            String rest = path.substring(path.indexOf('.') + 1);
            return tree.items().stream().anyMatch(item -> names(item, rest));
        }
        if (parts[0].equals(Schema.NAME)) {
            return tree.members().values().stream().anyMatch(any -> names(any, parts[1]));
        }
        YamlTree member = tree.members().get(parts[0]);
        return member != null && (parts.length == 1 || names(member, parts[1]));
    }

    private static String table() {
        StringBuilder text = new StringBuilder();
        for (Setting.Group group : Setting.Group.values()) {
            text.append("\n## ").append(group.heading()).append("\n");
            Settings.all().stream()
                    .filter(setting -> setting.group() == group)
                    .forEach(setting -> text.append(section(setting)));
        }
        return text.append('\n').toString();
    }

    private static String section(Setting<?> setting) {
        StringBuilder text = new StringBuilder("\n### " + title(setting) + "\n\n");
        text.append(setting.about()).append("\n\n| | |\n|---|---|\n");
        if (!setting.flags().isEmpty()) {
            row(
                    text,
                    "Flag",
                    setting.flags().stream().map(flag -> "`-" + flag + "`").collect(Collectors.joining(", ")));
        }
        setting.variable().ifPresent(variable -> row(text, "Variable", "`" + variable + "`"));
        if (!setting.path().isEmpty()) {
            boolean section = setting.scope() != Setting.Scope.PROCESS;
            String too = section ? ", also in the section of " + setting.scope().words() : "";
            row(text, "YAML", "`" + setting.path() + "`" + too);
        }
        if (setting.shape() != Setting.Shape.COMMAND) {
            row(text, "Value", "`" + setting.placeholder() + "`" + many(setting) + ": " + setting.range());
            row(text, "Default", setting.fallback().isEmpty() ? "none" : "`" + setting.fallback() + "`");
        }
        return text.toString();
    }

    private static String many(Setting<?> setting) {
        return switch (setting.shape()) {
            case LIST -> ", a list";
            case MAP, PAIR -> ", any number";
            case SHARES -> ", one name, or a mapping of names to them";
            case ITEMS -> ", a list of mappings";
            default -> "";
        };
    }

    private static String title(Setting<?> setting) {
        return setting.path().isEmpty() ? setting.name() : setting.path();
    }

    private static void row(StringBuilder text, String name, String value) {
        text.append("| ").append(name).append(" | ").append(value).append(" |\n");
    }
}
