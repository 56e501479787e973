// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.InvalidValue;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import io.waffle.server.route.RouteQuery;
import io.waffle.server.route.RouteRule;
import io.waffle.server.route.RouteTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to find the route of a request among ten thousand, and to make a table of them. Requests are for ever other routes, so that what they need is
 * seldom in the caches of the processor that are next to it; in the hostile shapes they all are as hard as can be made.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Thread)
public class RouteBenchmark {

    /** As few as can be, since the server has just read the head it looks up; enough for most of what is looked up to be elsewhere. */
    private static final int HEADS = 1 << 9;

    /** How routes and requests are made. */
    @Param
    public RouteShape shape = RouteShape.PATHS;

    private final RouteQuery query = new RouteQuery();
    private final ClientAddress client = new ClientAddress(0, 0xFFFF_C000_0207L);
    private final RequestHead[] heads = new RequestHead[HEADS];
    private List<RouteRule<String>> rules = List.of();
    private RouteTable<String> table = RouteTable.of(rules);
    private int next;

    /** Makes the table, and requests that are parsed already. */
    @Setup
    public void setUp() throws InvalidValue, HeadException {
        Random random = new Random(20261201);
        rules = shape.rules();
        table = RouteTable.of(rules);
        for (int i = 0; i < HEADS; i++) {
            ByteBuffer bytes = Heads.buffer(shape.request(random));
            heads[i] = new RequestHead(new HeadLimits(16 << 10, 32 << 10, 100));
            heads[i].parse(bytes, bytes.limit());
        }
    }

    /** One look-up. */
    @Benchmark
    public int find() {
        next = (next + 1) & (HEADS - 1);
        return table.find(heads[next], client, RouteTable.OTHER_LISTENER, query);
    }

    /** A table anew, as at each reload. */
    @Benchmark
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public RouteTable<String> make() {
        return RouteTable.of(rules);
    }
}
