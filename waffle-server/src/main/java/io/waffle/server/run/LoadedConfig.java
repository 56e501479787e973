// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.admin.Token;
import io.waffle.server.admin.TokenException;
import io.waffle.server.config.IoReason;
import io.waffle.server.config.ListenerConfig;
import io.waffle.server.config.OwnListener;
import io.waffle.server.config.PoolConfig;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.StrategyConfig;
import io.waffle.server.config.TlsConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.Resolver;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.plugin.Plugins;
import io.waffle.server.plugin.StrategyException;
import io.waffle.server.proxy.AccessLog;
import io.waffle.server.proxy.Frontend;
import io.waffle.server.route.RouteTable;
import io.waffle.server.tls.ServerTls;
import io.waffle.server.tls.TlsConfigException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a configuration names, made ready before anything goes by it: all that can fail does so here. What would be the same as before is kept, with
 * what it has learned: the history of a strategy, the sessions of TLS.
 */
record LoadedConfig(
        WaffleConfig config,
        Map<String, Frontend> frontends,
        Map<String, LoadedPool> pools,
        RouteTable<RouteConfig> routes,
        Optional<AccessLog> accessLog,
        Resolver resolver,
        Optional<Token> adminToken) {

    private static final System.Logger LOG = System.getLogger("waffle");

    /**
     * Makes it ready.
     *
     * @param former what is in use, but at the start
     * @param made what has been made of it already
     * @param memory of the process
     * @throws StartException if that cannot be: its message is one line for the operator
     */
    static LoadedConfig of(
            WaffleConfig config, Plugins plugins, Optional<LoadedConfig> former, Premade made, MemoryBudget memory)
            throws StartException {
        Optional<AccessLog> opened = Optional.empty();
        Map<String, LoadedPool> pools = new LinkedHashMap<>();
        try {
            Map<String, Frontend> frontends = new LinkedHashMap<>();
            for (ListenerConfig listener : config.listeners()) {
                frontends.put(listener.name(), frontend(listener, former));
            }
            RouteTable<RouteConfig> routes =
                    made.routes().isPresent() ? made.routes().get() : RouteRules.table(config);
            Optional<Token> adminToken = adminToken(config);
            Optional<LoadedConfig> sameLog =
                    former.filter(before -> before.config.accessLog().equals(config.accessLog()));
            opened = sameLog.isPresent() ? Optional.empty() : AccessLog.open(config, memory);
            Map<String, Set<StrategyConfig>> strategies = config.strategies();
            for (PoolConfig pool : config.pools()) {
                pools.put(
                        pool.name(),
                        LoadedPool.of(
                                pool,
                                strategies.getOrDefault(pool.name(), Set.of()),
                                plugins,
                                former.map(before -> before.pools.get(pool.name())),
                                made.strategies()));
            }
            warnOfCircles(config);
            Resolver resolver = former.map(LoadedConfig::resolver).orElseGet(Resolver::new);
            Optional<AccessLog> log = sameLog.isPresent() ? sameLog.get().accessLog : opened;
            return new LoadedConfig(config, frontends, pools, routes, log, resolver, adminToken);
        } catch (IOException e) {
            throw new StartException("access_log.file: cannot be written: " + IoReason.of(e));
        } catch (TlsConfigException | StrategyException | TokenException e) {
            abandon(opened, pools, former, made);
            throw new StartException(String.valueOf(e.getMessage()));
        } catch (StartException e) {
            abandon(opened, pools, former, made);
            throw e;
        }
    }

    /** The same by other routes: what the admin API has made of those that are configured. */
    LoadedConfig withRoutes(RouteTable<RouteConfig> others) {
        return new LoadedConfig(config, frontends, pools, others, accessLog, resolver, adminToken);
    }

    /** Nothing goes by it: what was made for it ends, but for what is in use, and for strategies that were given. */
    void abandon(LoadedConfig inUse, Premade made) {
        Optional<AccessLog> opened =
                accessLog.filter(log -> inUse.accessLog.filter(log::equals).isEmpty());
        abandon(opened, pools, Optional.of(inUse), made);
    }

    /** What was made in vain ends; what was given is for who gave it. */
    private static void abandon(
            Optional<AccessLog> opened, Map<String, LoadedPool> pools, Optional<LoadedConfig> former, Premade made) {
        opened.ifPresent(AccessLog::close);
        pools.forEach((name, pool) -> pool.unused(former.map(before -> before.pools.get(name)), made.strategies())
                .forEach(Plugins::closeUnused));
    }

    private static void warnOfCircles(WaffleConfig config) {
        for (ListenerConfig listener : config.listeners()) {
            for (PoolConfig pool : config.pools()) {
                OwnListener.among(pool.backends(), listener.address())
                        .ifPresent(own -> LOG.log(
                                Level.WARNING,
                                OwnListener.warning(
                                        own, config.routes().stream().allMatch(route -> route.forwarding()
                                                .via()))));
            }
        }
    }

    private static Frontend frontend(ListenerConfig config, Optional<LoadedConfig> former) throws TlsConfigException {
        Optional<ServerTls> tls = Optional.empty();
        if (config.tls().isPresent()) {
            tls = Optional.of(serverTls(
                    config.tls().get(),
                    former.map(before -> before.frontends.get(config.name())).flatMap(Frontend::tls)));
        }
        return new Frontend(config, tls);
    }

    private static Optional<Token> adminToken(WaffleConfig config) throws TokenException {
        return config.admin().tokenFile().isPresent()
                ? Optional.of(Token.load(config.admin().tokenFile().get()))
                : Optional.empty();
    }

    private static ServerTls serverTls(TlsConfig config, Optional<ServerTls> former) throws TlsConfigException {
        ServerTls read = ServerTls.load(config, Clock.systemUTC(), former);
        Optional<ServerTls> same = former.filter(read::isLike);
        if (same.isEmpty()) {
            LOG.log(Level.INFO, "TLS by " + read.implementation());
            read.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
        }
        return same.orElse(read);
    }
}
