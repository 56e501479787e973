// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** No stranger tells a backend who he is: by none of the names in the table of docs/wire-behaviours.md, in no spelling that a backend may take for one. */
@On(Setup.DEFAULT)
final class ClientClaimsIT {

    private static final Pattern ROW = Pattern.compile("\\| `([A-Za-z0-9*-]+)` \\| .*");

    /** Marks that CGI, WSGI and their like make an underscore of, as they do of a dash. */
    private static final String MARKS = "_.!#$%&'*+^`|~";

    private final Site site;

    ClientClaimsIT(Site site) {
        this.site = site;
    }

    @Test
    @DisplayName("B14 what a stranger claims of himself ends here, whatever the name")
    void claims() throws IOException {
        for (String name : names()) {
            assertEquals(List.of(), come(name + ": forged"), name);
            assertEquals(List.of(), come(name.toUpperCase(Locale.ROOT) + ": forged"), name);
        }
    }

    @Test
    @DisplayName("B15 no spelling of such a name passes that some take for it, nor one of a name that frames or routes")
    void spellings() throws IOException {
        for (int i = 0; i < MARKS.length(); i++) {
            char mark = MARKS.charAt(i);
            StringBuilder fields = new StringBuilder();
            for (String name : names()) {
                fields.append(spelled(name, mark)).append(": forged\r\n");
            }
            for (String name : List.of("Content-Length", "Transfer-Encoding", "Keep-Alive", "If-None-Match")) {
                fields.append(spelled(name, mark)).append(": forged\r\n");
            }
            assertEquals(List.of(), come(fields.toString().strip()), Character.toString(mark));
        }
        assertEquals(List.of(), come("X-Forwarded_For: forged"));
    }

    @Test
    @DisplayName("B15 trailers are held to the same")
    void trailers() {
        String request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
                .concat("X-Real-IP: forged\r\nX_Forwarded_For: forged\r\nA_B: forged\r\nX-Sum: 1\r\n\r\n");
        assertEquals(200, site.exchange(request).status());
        Body body = Wait.result(site.backend().next().received());
        assertEquals(List.of(new Field("X-Sum", "1")), body.trailers());
    }

    /** Those of the table, a star standing for any end. */
    private static List<String> names() throws IOException {
        List<String> names = Files.readAllLines(Path.of("../docs/wire-behaviours.md")).stream()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .map(row -> row.group(1).replace("*", "Else"))
                .toList();
        assertTrue(names.size() > 20, names::toString);
        return names;
    }

    private static String spelled(String name, char mark) {
        return name.replace('-', mark);
    }

    /** Names of the fields that came to the backend with what a stranger sent in them. */
    private List<String> come(String fields) {
        assertEquals(
                200,
                site.exchange("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n")
                        .status());
        return site.backend().next().head().fields().stream()
                .filter(field -> field.value().contains("forged"))
                .map(Field::name)
                .toList();
    }
}
