// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.SecretFile;
import io.waffle.server.config.StickyConfig;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyException;
import io.waffle.server.pool.Policy;
import io.waffle.server.pool.Stickiness;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.TlsConfigException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the configuration of a pool names, made ready before anything goes by it. What would be the same as before is kept, with what it has learned:
 * the history of a strategy, the sessions of TLS.
 *
 * @param strategies who chooses: its own, and those that routes want otherwise
 */
record LoadedPool(PoolConfig config, Map<StrategyConfig, Strategy> strategies, Policy policy, ClientTls tls) {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** What HMAC-SHA256 makes full use of. */
    private static final int KEY_BYTES = 32;

    /**
     * Makes it ready.
     *
     * @param former what is in use of that name, if anything is
     * @param wanted what is to choose, its own first
     * @param made the strategies that have been made already
     */
    static LoadedPool of(
            PoolConfig config,
            Set<StrategyConfig> wanted,
            Plugins plugins,
            Optional<LoadedPool> former,
            Map<StrategyPlace, Strategy> made)
            throws StartException, TlsConfigException, StrategyException {
        ClientTls tls = tls(config, former);
        Optional<Stickiness> stickiness = stickiness(config.sticky(), former);
        Map<StrategyConfig, Strategy> strategies = new LinkedHashMap<>();
        try {
            for (StrategyConfig each : wanted) {
                Strategy ready = made.get(new StrategyPlace(config.name(), each));
                Strategy before = former.map(in -> in.strategies.get(each)).orElse(null);
                strategies.put(
                        each, ready != null ? ready : before != null ? before : plugins.create(each, config.name()));
            }
        } catch (StrategyException e) {
            unused(strategies, former, made).forEach(Plugins::closeUnused);
            throw e;
        }
        List<Strategy> all = List.copyOf(strategies.values());
        Policy policy = new Policy(
                all.getFirst(), all.subList(1, all.size()), config.ejection(), config.slowStart(), stickiness);
        return new LoadedPool(config, Collections.unmodifiableMap(strategies), policy, tls);
    }

    /** Nobody goes by it: the strategies that were made for it, and are neither in use nor were given, in vain. */
    List<Strategy> unused(Optional<LoadedPool> inUse, Map<StrategyPlace, Strategy> given) {
        return unused(strategies, inUse, given);
    }

    @SuppressWarnings("ReferenceEquality") // what they hold for equal is their own business
    private static List<Strategy> unused(
            Map<StrategyConfig, Strategy> of, Optional<LoadedPool> inUse, Map<StrategyPlace, Strategy> given) {
        return of.values().stream()
                .filter(strategy -> given.values().stream().noneMatch(other -> other == strategy)
                        && inUse.stream()
                                .flatMap(former -> former.strategies.values().stream())
                                .noneMatch(other -> other == strategy))
                .toList();
    }

    private static ClientTls tls(PoolConfig config, Optional<LoadedPool> former) throws TlsConfigException {
        ClientTls read = ClientTls.load(config.backendTls(), Clock.systemUTC());
        Optional<ClientTls> same = former.map(LoadedPool::tls).filter(read::isLike);
        ClientTls tls = same.orElse(read);
        if (config.backends().stream().anyMatch(BackendConfig::tls)) {
            tls.prepare(); // a trust store that cannot be used is found now, not by the first request
        }
        if (same.isEmpty()) {
            tls.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        }
        if (same.isEmpty() && !tls.verifies()) {
            LOG.log(Level.WARNING, "backend certificates are not verified: anyone may pass for a backend");
        }
        return tls;
    }

    /** A key that was made up is kept as long as its section stays as it is. */
    private static Optional<Stickiness> stickiness(StickyConfig config, Optional<LoadedPool> former)
            throws StartException {
        if (!config.enabled()) {
            return Optional.empty();
        }
        Optional<Stickiness> before = former.flatMap(in -> in.policy.stickiness());
        Stickiness read = read(config, former, before);
        return Optional.of(before.filter(read::isLike).orElse(read));
    }

    /** A secret that was made up stays, whatever else changes. */
    private static Stickiness read(StickyConfig config, Optional<LoadedPool> former, Optional<Stickiness> before)
            throws StartException {
        if (config.keyFiles().isEmpty()) {
            boolean madeUp =
                    former.filter(in -> in.config.sticky().keyFiles().isEmpty()).isPresent();
            if (madeUp && before.isPresent()) {
                return before.get().with(config);
            }
            config.warning().ifPresent(warning -> LOG.log(Level.WARNING, warning));
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            return new Stickiness(config, key);
        }
        List<byte[]> keys = new ArrayList<>();
        for (Path file : config.keyFiles()) {
            keys.add(secret(file));
        }
        return new Stickiness(config, keys.toArray(byte[][]::new));
    }

    private static byte[] secret(Path file) throws StartException {
        try {
            return SecretFile.read(file);
        } catch (IOException e) {
            throw new StartException("cannot read the key of sticky cookies in " + file + ": " + e.getMessage());
        }
    }
}
