// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.ServerNamePatterns;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.RequestHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which name a host falls under is read by routes from bytes and by {@code tls.names} from text: the same, or one could be had where the other is not kept. */
final class HostReadingsTest {

    private static final long SEED = 20261201;
    private static final List<String> LABELS = List.of("a", "b", "ab", "test");
    private static final List<String> ENDS = List.of("", "", ".", ":443", ".:443", "..", ":", ".x", ":0x");

    private final Random random = new Random(SEED);
    private final RouteQuery query = new RouteQuery();

    @Test
    void namesAndRoutesReadHostsAlike() {
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            Map<String, HostMatch> patterns = patterns();
            String host = host();
            try {
                RequestHead head = new RouteQuestion("GET", host, "/", List.of(), Asked.CLIENT, "").head();
                query.begin(head, Asked.CLIENT, 0, FieldNames.NONE);
                Optional<String> mine = ServerNamePatterns.of(patterns.keySet(), ServerNamePatterns.canonical(host));
                assertEquals(byRoutes(patterns), mine, () -> host + " of " + patterns.keySet());
                found += mine.isPresent() ? 1 : 0;
            } catch (HeadException e) {
                // no host that comes
            }
        }
        assertTrue(found > 1_000, "found " + found);
    }

    private Optional<String> byRoutes(Map<String, HostMatch> patterns) {
        HostIndex index =
                new HostIndex(patterns.values().stream().map(Optional::of).toList());
        return Optional.ofNullable(index.find(query.host(), query.hostLength())).map(node -> {
            String name = new String(node.name(), 0, node.name().length - Words.PADDING, US_ASCII);
            return node.isWildcard() ? "*." + name : name;
        });
    }

    private Map<String, HostMatch> patterns() {
        Map<String, HostMatch> patterns = new HashMap<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            String name = name(3);
            boolean wildcard = random.nextBoolean();
            patterns.put(wildcard ? "*." + name : name, new HostMatch(name, wildcard));
        }
        return patterns;
    }

    private String host() {
        StringBuilder host = new StringBuilder();
        for (char c : name(5).toCharArray()) {
            host.append(random.nextInt(4) == 0 ? Character.toUpperCase(c) : c);
        }
        String before = random.nextInt(10) == 0 ? "." : "";
        return before + host + ENDS.get(random.nextInt(ENDS.size()));
    }

    private String name(int most) {
        StringBuilder name = new StringBuilder(LABELS.get(random.nextInt(LABELS.size())));
        for (int i = random.nextInt(most); i > 0; i--) {
            name.append('.').append(LABELS.get(random.nextInt(LABELS.size())));
        }
        return name.toString();
    }
}
