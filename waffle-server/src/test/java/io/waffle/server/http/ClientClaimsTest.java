// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ClientClaimsTest {

    private static final Pattern ROW = Pattern.compile("\\| `([A-Za-z0-9*-]+)` \\| .*");

    @Test
    void eachHasItsReasonInTheTable() throws IOException {
        List<String> table = Files.readAllLines(Path.of("../docs/wire-behaviours.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1).toLowerCase(Locale.ROOT))
                .toList();
        TreeSet<String> known = new TreeSet<>(ClientClaims.NAMES);
        ClientClaims.PREFIXES.forEach(prefix -> known.add(prefix + "*"));
        Stream.of("for", "proto", "host", "port", "*").forEach(end -> known.add("x-forwarded-" + end));
        known.addAll(List.of("x-forwarded", "forwarded"));
        assertEquals(known, new TreeSet<>(table));
    }

    @Test
    void namesThatFoldToOneAreAliasesAndOthersWithUnderscoresAreNot() {
        for (String alias :
                List.of("x_real_ip", "X.Forwarded_For", "x-forwarded_x", "CONTENT_LENGTH", "ssl~client~dn")) {
            assertEquals(KnownField.ALIAS, FieldTable.ofOdd(Wire.buffer(alias), 0, alias.length()), alias);
        }
        assertEquals(KnownField.UNDERSCORED, FieldTable.ofOdd(Wire.buffer("a_b"), 0, 3));
        assertEquals(KnownField.OTHER, FieldTable.ofOdd(Wire.buffer("a.b"), 0, 3));
    }
}
