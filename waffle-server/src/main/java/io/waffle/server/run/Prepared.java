// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.Strategy;
import io.waffle.server.admin.Token;
import io.waffle.server.admin.TokenException;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.OwnListener;
import io.waffle.server.config.SecretFile;
import io.waffle.server.config.StickyConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyException;
import io.waffle.server.pool.Policy;
import io.waffle.server.pool.Stickiness;
import io.waffle.server.proxy.AccessLog;
import io.waffle.server.proxy.Terms;
import io.waffle.server.tls.ClientTls;
import io.waffle.server.tls.ServerTls;
import io.waffle.server.tls.TlsConfigException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration names, made ready before anything goes by it: all that can fail does so here. What would be the same as before is kept, with
 * what it has learned: the history of a strategy, the sessions of TLS.
 */
record Prepared(Policy policy, Terms terms, Optional<Token> adminToken) {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** The name of the one pool there is. */
    static final String POOL = "default";

    /** What HMAC-SHA256 makes full use of. */
    private static final int KEY_BYTES = 32;

    /**
     * Makes it ready.
     *
     * @param former what is in use, but at the start
     * @param made the strategy, if it has been made already
     * @param memory of the process
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    static Prepared of(
            WaffleConfig config,
            Plugins plugins,
            Optional<Prepared> former,
            Optional<Strategy> made,
            MemoryBudget memory)
            throws StartException {
        try {
            ClientTls backendTls = backendTls(config, former);
            Optional<ServerTls> tls = Optional.empty();
            if (config.tls().isPresent()) {
                tls = Optional.of(serverTls(config.tls().get(), former));
            }
            Optional<Stickiness> stickiness = stickiness(config.sticky(), former);
            Optional<Token> adminToken = adminToken(config);
            Optional<Prepared> sameStrategy =
                    former.filter(before -> before.config().loadBalancing().equals(config.loadBalancing()));
            Optional<Prepared> sameLog =
                    sameStrategy.filter(before -> before.config().accessLog().equals(config.accessLog()));
            Optional<AccessLog> log =
                    sameLog.isPresent() ? sameLog.get().terms.accessLog() : AccessLog.open(config, memory);
            Resolver resolver = former.map(before -> before.terms.resolver()).orElseGet(Resolver::new);
            Terms terms = new Terms(config, tls, backendTls, log, resolver);
            Optional<Strategy> ready = made.or(() -> sameStrategy.map(before -> before.policy.strategy()));
            Strategy strategy = ready.isPresent() ? ready.get() : strategy(config, plugins, log);
            Policy policy = new Policy(strategy, config.ejection(), config.slowStart(), stickiness);
            OwnListener.among(config.backends(), config.listen())
                    .ifPresent(own -> LOG.log(
                            Level.WARNING,
                            OwnListener.warning(own, config.forwarding().via())));
            return new Prepared(policy, terms, adminToken);
        } catch (IOException e) {
            throw new StartException("access_log.file: cannot be written: " + IoReason.of(e));
        } catch (TlsConfigException | StrategyException | TokenException e) {
            throw new StartException(String.valueOf(e.getMessage()));
        }
    }

    WaffleConfig config() {
        return terms.config();
    }

    private static Optional<Token> adminToken(WaffleConfig config) throws TokenException {
        return config.admin().tokenFile().isPresent()
                ? Optional.of(Token.load(config.admin().tokenFile().get()))
                : Optional.empty();
    }

    private static Strategy strategy(WaffleConfig config, Plugins plugins, Optional<AccessLog> unused)
            throws StrategyException {
        try {
            return plugins.create(config.loadBalancing(), POOL);
        } catch (StrategyException e) {
            unused.ifPresent(AccessLog::close);
            throw e;
        }
    }

    private static ClientTls backendTls(WaffleConfig config, Optional<Prepared> former) throws TlsConfigException {
        ClientTls read = ClientTls.load(
                config.backendTls().caFile(),
                config.backendTls().verify(),
                config.backendTls().serverName());
        Optional<ClientTls> same =
                former.map(before -> before.terms.backendTls()).filter(read::isLike);
        ClientTls tls = same.orElse(read);
        if (config.backends().stream().anyMatch(BackendConfig::tls)) {
            tls.prepare(); // a trust store that cannot be used is found now, not by the first request
        }
        if (same.isEmpty() && !tls.verifies()) {
            LOG.log(Level.WARNING, "backend certificates are not verified: anyone may pass for a backend");
        }
        return tls;
    }

    private static ServerTls serverTls(TlsConfig config, Optional<Prepared> former) throws TlsConfigException {
        Optional<ServerTls> before = former.flatMap(in -> in.terms.tls());
        ServerTls read = ServerTls.load(config, Clock.systemUTC(), before);
        Optional<ServerTls> same = before.filter(read::isLike);
        if (same.isEmpty()) {
            LOG.log(Level.INFO, "TLS by " + read.implementation());
            read.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        }
        return same.orElse(read);
    }

    /** A key that was made up is kept as long as its section stays as it is. */
    private static Optional<Stickiness> stickiness(StickyConfig config, Optional<Prepared> former)
            throws StartException {
        if (!config.enabled()) {
            return Optional.empty();
        }
        Optional<Stickiness> before = former.flatMap(in -> in.policy.stickiness());
        Stickiness read = read(config, former, before);
        return Optional.of(before.filter(read::isLike).orElse(read));
    }

    /** A secret that was made up stays, whatever else changes. */
    private static Stickiness read(StickyConfig config, Optional<Prepared> former, Optional<Stickiness> before)
            throws StartException {
        if (config.keyFiles().isEmpty()) {
            boolean madeUp = former.filter(in -> in.config().sticky().keyFiles().isEmpty())
                    .isPresent();
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
