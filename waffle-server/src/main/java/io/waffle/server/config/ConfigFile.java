// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.YamlTree.Kind;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** The source of the YAML file. */
final class ConfigFile {

    /** Some hundred thousand backends. What has more is another file. */
    private static final long MOST = 64L << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private ConfigFile() {}

    /** Reads the file; what is wrong goes to the problems, and then the result lacks it. */
    static Optional<FileNode> read(Path file, Origin origin, Collection<Problem> problems) {
        try {
            if (Files.size(file) <= MOST) {
                String text = Files.readString(file, StandardCharsets.UTF_8);
                return parse(file, text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text, problems);
            }
            problems.add(Problem.of(origin, file.toString(), "a YAML file of at most " + (MOST >> 20) + " MiB"));
        } catch (IOException e) {
            problems.add(Problem.of(origin, file.toString(), "a YAML file that can be read; " + reason(file, e)));
        }
        return Optional.empty();
    }

    private static Optional<FileNode> parse(Path file, String text, Collection<Problem> problems) {
        int before = problems.size();
        YamlTree tree = YamlTree.parse(
                text, (line, message) -> problems.add(new Problem(Origin.file(file.toString(), line, ""), message)));
        if (tree.kind() != Kind.MAPPING) {
            problems.add(
                    Problem.of(Origin.file(file.toString(), 1, ""), tree.kind().toString(), "KEY: VALUE lines"));
        }
        if (problems.size() > before || tree.members().isEmpty()) {
            return Optional.empty();
        }
        FileNode root = new FileNode(tree, FileNode.InFile.of(file));
        root.check(new Schema(), problems);
        return Optional.of(root);
    }

    private static String reason(Path file, IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is none";
            case CharacterCodingException coding -> "it is not UTF-8";
            default -> FileChecks.unreadable(file).orElse("the system says: " + e.getMessage());
        };
    }
}
