// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.config.BackendConfig;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the names of backends resolve to, as far as is known: the last good answer stays until there is another.
 *
 * <p>Threading: one thread at a time.
 */
final class Names {

    private static final System.Logger LOG = System.getLogger("io.waffle.discovery");

    /** It means this host, whatever a name server says (RFC 6761 section 6.3), and of its two addresses only one may be served. */
    private static final String THIS_HOST = "localhost";

    private final Function<Collection<String>, Map<String, List<InetAddress>>> lookup;
    private final Map<String, List<InetAddress>> known = new HashMap<>();

    /** Whether the last answer for a name was good; a change of that is logged once. */
    private final Map<String, Boolean> resolves = new HashMap<>();

    /**
     * Knows nothing yet.
     *
     * @param lookup looks names up; those that do not resolve, or not in time, are not in what it returns
     */
    Names(Function<Collection<String>, Map<String, List<InetAddress>>> lookup) {
        this.lookup = lookup;
    }

    /** Looks up the names of these that were never looked up. */
    void learn(List<BackendConfig> backends) {
        Set<String> fresh = names(backends);
        fresh.removeAll(resolves.keySet());
        ask(fresh);
    }

    /** Looks up the names of these anew, and forgets all others. */
    void refresh(List<BackendConfig> backends) {
        Set<String> names = names(backends);
        known.keySet().retainAll(names);
        resolves.keySet().retainAll(names);
        ask(names);
    }

    /**
     * Each of them at each of its addresses; as it is, if it needs no look-up or its addresses are not known.
     *
     * @param backends those that have an address stand for nothing but what is wanted of it, should it be among those of its name
     */
    List<BackendConfig> expand(List<BackendConfig> backends) {
        Map<String, BackendConfig> single = backends.stream()
                .filter(backend -> backend.address().isPresent())
                .collect(Collectors.toMap(BackendConfig::id, backend -> backend));
        return backends.stream()
                .filter(backend -> backend.address().isEmpty())
                .flatMap(this::expand)
                .map(backend -> single.getOrDefault(backend.id(), backend))
                .toList();
    }

    private Stream<BackendConfig> expand(BackendConfig backend) {
        List<InetAddress> addresses = known.get(backend.host());
        return isName(backend) && addresses != null ? addresses.stream().map(backend::at) : Stream.of(backend);
    }

    private static Set<String> names(List<BackendConfig> backends) {
        return backends.stream().filter(Names::isName).map(BackendConfig::host).collect(Collectors.toSet());
    }

    private static boolean isName(BackendConfig backend) {
        return !backend.isLiteral() && !backend.host().equals(THIS_HOST);
    }

    private void ask(Set<String> names) {
        if (names.isEmpty()) {
            return;
        }
        Map<String, List<InetAddress>> answers = lookup.apply(names);
        for (String name : names) {
            Optional<List<InetAddress>> answer =
                    Optional.ofNullable(answers.get(name)).map(Names::ofOneKind);
            answer.ifPresent(addresses -> take(name, addresses));
            note(name, answer.isPresent());
        }
    }

    private void take(String name, List<InetAddress> addresses) {
        List<InetAddress> former = known.put(name, addresses);
        if (former != null && !former.equals(addresses)) {
            LOG.log(Level.INFO, name + " is at " + shown(addresses) + " now, and was at " + shown(former));
        }
    }

    private void note(String name, boolean good) {
        Boolean before = resolves.put(name, good);
        if (good && before != null && !before) {
            LOG.log(Level.INFO, name + " resolves again");
        } else if (!good && (before == null || before)) {
            LOG.log(
                    Level.WARNING,
                    "backend name " + name + " does not resolve; "
                            + (known.containsKey(name)
                                    ? "its last addresses stay: " + shown(known.get(name))
                                    : "requests sent there fail with 502 until it does"));
        }
    }

    /** In an order of their own, for name servers turn them round; of one kind, or a host with both would count twice. */
    private static List<InetAddress> ofOneKind(List<InetAddress> addresses) {
        boolean four = addresses.getFirst() instanceof Inet4Address;
        return addresses.stream()
                .filter(address -> address instanceof Inet4Address == four)
                .distinct()
                .sorted((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()))
                .toList();
    }

    private static String shown(Collection<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.joining(", "));
    }
}
