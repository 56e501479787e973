// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom to ask for names, and how, as {@code resolv.conf(5)} says it.
 *
 * @param servers in the order in which to ask
 * @param search the domains a short name may be in
 * @param ndots a name with so many dots is tried as it is first
 * @param timeout how long an answer is waited for, at most, before another server is asked too
 * @param attempts how often each server is asked
 */
record ResolvConf(List<InetSocketAddress> servers, List<String> search, int ndots, Duration timeout, int attempts) {

    private static final int PORT = 53;

    /** These servers and none else; names are as they are. */
    static ResolvConf of(List<InetSocketAddress> servers) {
        return new ResolvConf(servers, List.of(), 1, Duration.ofSeconds(5), 2);
    }

    static ResolvConf parse(String text) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        int timeout = 5;
        int attempts = 2;
        for (String line : text.lines().toList()) {
            String[] words = line.strip().split("\\s+");
            switch (words[0]) {
                case "nameserver" -> addServer(servers, words);
                case "search", "domain" -> search = List.of(words).subList(1, words.length);
                case "options" -> {
                    ndots = option(words, "ndots:", ndots, 15);
                    timeout = option(words, "timeout:", timeout, 30);
                    attempts = option(words, "attempts:", attempts, 5);
                }
                default -> {}
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT));
        }
        List<String> domains = search.stream()
                .filter(domain -> !domain.equals("."))
                .map(domain -> domain.endsWith(".") ? domain.substring(0, domain.length() - 1) : domain)
                .toList();
        return new ResolvConf(
                List.copyOf(servers), domains, ndots, Duration.ofSeconds(Math.max(1, timeout)), Math.max(1, attempts));
    }

    /** What a name may be short for, in the order in which to ask; without the dot at the end. */
    List<String> candidates(String name) {
        if (name.endsWith(".")) {
            return List.of(name.substring(0, name.length() - 1));
        }
        List<String> all = new ArrayList<>(
                search.stream().map(domain -> name + "." + domain).toList());
        boolean asItIsFirst = name.chars().filter(c -> c == '.').count() >= ndots;
        all.add(asItIsFirst ? 0 : all.size(), name);
        return all;
    }

    private static void addServer(List<InetSocketAddress> servers, String[] words) {
        try {
            if (words.length > 1) {
                servers.add(new InetSocketAddress(InetAddress.ofLiteral(words[1]), PORT));
            }
        } catch (IllegalArgumentException e) {
            // as the C library: what is no address is no server
        }
    }

    private static int option(String[] words, String name, int otherwise, int most) {
        int value = otherwise;
        for (String word : words) {
            if (word.startsWith(name) && word.substring(name.length()).matches("[0-9]{1,6}")) {
                value = Math.min(most, Integer.parseInt(word.substring(name.length())));
            }
        }
        return value;
    }
}
