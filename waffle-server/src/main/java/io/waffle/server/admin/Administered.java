// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.server.loop.MemoryBudget;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What there is to look at and to change. Each is asked anew for each request.
 *
 * @param pools those there are
 * @param routes those there are
 * @param change has a route do something else
 * @param reload reads the configuration anew; returns what is wrong with it
 * @param stopping whether a stop has been announced
 * @param memory what traffic takes its memory from
 */
public record Administered(
        Supplier<List<AdminPool>> pools,
        Supplier<AdminRoutes> routes,
        RouteChange change,
        Supplier<List<String>> reload,
        BooleanSupplier stopping,
        MemoryBudget memory) {}
