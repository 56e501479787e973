// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The addresses of names, as {@code hosts(5)} has them. */
record HostsFile(Map<String, List<InetAddress>> names) {

    static HostsFile parse(String text) {
        Map<String, List<InetAddress>> names = new HashMap<>();
        text.lines().forEach(line -> {
            String[] words = line.split("#", 2)[0].strip().split("\\s+");
            if (words.length > 1) {
                add(names, words);
            }
        });
        return new HostsFile(names);
    }

    /** None if the file has none. */
    List<InetAddress> addresses(String name) {
        return names.getOrDefault(name, List.of());
    }

    private static void add(Map<String, List<InetAddress>> names, String[] words) {
        try {
            InetAddress address = InetAddress.ofLiteral(words[0]);
            for (int i = 1; i < words.length; i++) {
                names.computeIfAbsent(words[i].toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(address);
            }
        } catch (IllegalArgumentException e) {
            // no address: the line says nothing
        }
    }
}
