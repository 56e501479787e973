// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.server.admin.AdminListener;
import io.waffle.server.admin.AdminPool;
import io.waffle.server.admin.AdminRoutes;
import io.waffle.server.admin.Administered;
import io.waffle.server.admin.ReadOnlyListener;
import io.waffle.server.admin.RouteChange;
import io.waffle.server.admin.Token;
import io.waffle.server.loop.MemoryBudget;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The listeners beside the one for traffic: that of the admin API, and that for those who only look. What is not configured is not loaded, at a
 * stop neither.
 *
 * <p>Threading: one thread but for what they ask.
 */
final class OperatorListeners implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("waffle");

    private final Supplier<LoadedConfig> prepared;
    private final Supplier<List<AdminPool>> pools;
    private final Supplier<AdminRoutes> routes;
    private final RouteChange change;
    private Optional<AdminListener> admin = Optional.empty();
    private Optional<ReadOnlyListener> metrics = Optional.empty();
    private volatile boolean stopping;

    /**
     * None yet.
     *
     * @param prepared what Waffle goes by at the time of asking
     * @param pools those there are at that time
     * @param routes the same
     * @param change of a route
     */
    OperatorListeners(
            Supplier<LoadedConfig> prepared,
            Supplier<List<AdminPool>> pools,
            Supplier<AdminRoutes> routes,
            RouteChange change) {
        this.prepared = prepared;
        this.pools = pools;
        this.routes = routes;
        this.change = change;
    }

    /** Starts that of the admin API there. */
    void admin(InetSocketAddress address, Supplier<List<String>> reload, MemoryBudget memory) throws StartException {
        Supplier<Optional<Token>> token = () -> prepared.get().adminToken();
        try {
            admin = Optional.of(AdminListener.start(
                    address, new Administered(pools, routes, change, reload, this::isStopping, memory), token));
        } catch (IOException e) {
            throw Addresses.cannotListen("admin.listen", address, e);
        }
    }

    /** Starts that for those who only look there. */
    void metrics(InetSocketAddress address) throws StartException {
        try {
            metrics = Optional.of(ReadOnlyListener.start(address, pools, this::isStopping));
        } catch (IOException e) {
            throw Addresses.cannotListen("metrics.listen", address, e);
        }
    }

    /** Says where they are. */
    void sayWhere() {
        if (admin.isPresent()) {
            boolean changes = prepared.get().adminToken().isPresent();
            LOG.log(
                    Level.INFO,
                    "admin API at http://" + Addresses.written(admin.get().address())
                            + (changes ? "" : ", without a token: it changes nothing"));
        }
        if (metrics.isPresent()) {
            LOG.log(
                    Level.INFO,
                    "probes at http://" + Addresses.written(metrics.get().address()));
        }
    }

    /** From now on they say that Waffle is not ready. */
    void announceStop() {
        stopping = true;
    }

    private boolean isStopping() {
        return stopping;
    }

    @Override
    public void close() {
        if (admin.isPresent()) { // with a reference to its method, the class would be loaded at each stop
            admin.get().close();
        }
        if (metrics.isPresent()) {
            metrics.get().close();
        }
    }
}
