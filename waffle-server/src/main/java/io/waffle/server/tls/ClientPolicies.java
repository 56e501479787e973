// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import io.waffle.server.config.ClientCertificatesConfig;
import io.waffle.server.config.ServerNamePatterns;
import io.waffle.server.config.TlsConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of the clients of a listener, by the name they ask for; of names for which nothing of their own is configured, and of those who ask for
 * no name, it is what the listener asks. Immutable.
 */
public final class ClientPolicies {

    /** Each once, the listener's first. */
    private final List<ClientPolicy> all;

    /** Their places, by {@linkplain ServerNamePatterns name or wildcard}. */
    private final Map<String, Integer> names;

    private ClientPolicies(List<ClientPolicy> all, Map<String, Integer> names) {
        this.all = List.copyOf(all);
        this.names = Map.copyOf(names);
    }

    /**
     * Reads the files.
     *
     * @param former those in use, which go on where nothing has changed
     * @param warnings gets what is odd about the files
     */
    static ClientPolicies load(TlsConfig config, Instant now, Optional<ClientPolicies> former, List<String> warnings)
            throws TlsConfigException {
        List<ClientPolicy> all = new ArrayList<>();
        place(config.clients(), now, former, warnings, all);
        Map<String, Integer> names = new HashMap<>();
        for (Map.Entry<String, ClientCertificatesConfig> name : config.names().entrySet()) {
            names.put(name.getKey(), place(name.getValue(), now, former, warnings, all));
        }
        return new ClientPolicies(all, names);
    }

    private static int place(
            ClientCertificatesConfig given,
            Instant now,
            Optional<ClientPolicies> former,
            List<String> warnings,
            List<ClientPolicy> all)
            throws TlsConfigException {
        ClientCertificatesConfig config = given.enabled() ? given : ClientCertificatesConfig.OFF;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).config().equals(config)) {
                return i;
            }
        }
        ClientPolicy fresh = config.enabled()
                ? new ClientPolicy(config, ClientTrust.load(config, now, warnings))
                : ClientPolicy.NOTHING;
        all.add(former.flatMap(
                        before -> before.all.stream().filter(fresh::isLike).findFirst())
                .orElse(fresh));
        return all.size() - 1;
    }

    /** All of them, each once; the first is the listener's own. */
    List<ClientPolicy> all() {
        return all;
    }

    /** Whether it depends on the name what is asked. */
    boolean dependOnName() {
        return all.size() > 1;
    }

    /** Whether anybody is asked for anything. */
    public boolean ask() {
        return dependOnName() || all.getFirst().trust().asks();
    }

    /** Which of {@link #all} goes for this name, as a client asks for it; null for none. */
    int find(@Nullable String asked) {
        if (asked == null || !dependOnName()) {
            return 0;
        }
        return ServerNamePatterns.of(names.keySet(), ServerNamePatterns.canonical(asked))
                .map(names::get)
                .orElse(0);
    }

    /** What is asked of whoever wants something of this host, which may have a port; empty for none. */
    public ClientPolicy of(String host) {
        return all.get(find(host));
    }

    /** What is asked where it does not depend on the name; else null. */
    public @Nullable ClientPolicy single() {
        return dependOnName() ? null : all.getFirst();
    }

    /** What was read without a change since is the same object. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientPolicies that && names.equals(that.names) && all.equals(that.all);
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }
}
