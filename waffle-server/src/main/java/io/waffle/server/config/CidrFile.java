// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads files of blocks of addresses: one to a line, empty lines and what stands behind a {@code #} left out. */
final class CidrFile {

    /** So many wrong lines are told of; with more of them it is hardly a file of that kind. */
    private static final int MOST_TOLD = 10;

    private CidrFile() {}

    /**
     * The blocks of a file.
     *
     * @param origin where it was named
     * @param problems takes what is wrong with it, each with file and line
     */
    static List<Cidr> read(Path file, Origin origin, Collection<Problem> problems) {
        List<Cidr> blocks = new ArrayList<>();
        List<Problem> wrong = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int line = 0;
            for (String text; (text = lines.readLine()) != null; ) {
                line++;
                String block = withoutComment(text);
                if (!block.isEmpty()) {
                    read(block, Origin.file(file.toString(), line, ""), file, blocks, wrong);
                }
            }
        } catch (IOException e) {
            problems.add(Problem.of(
                    origin, file.toString(), "a file with one address or block to a line; " + IoReason.of(e)));
        }
        wrong.stream().limit(MOST_TOLD).forEach(problems::add);
        if (wrong.size() > MOST_TOLD) {
            problems.add(Problem.of(
                    origin, file.toString(), "one address or block to a line; " + wrong.size() + " lines are wrong"));
        }
        return blocks;
    }

    private static void read(String block, Origin at, Path file, List<Cidr> blocks, List<Problem> wrong) {
        try {
            blocks.add(AddressForms.CIDR.read(new RawValue(block, at, file)));
        } catch (InvalidValue e) {
            wrong.add(Problem.of(at, block, e.expected()));
        }
    }

    private static String withoutComment(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }
}
