// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.waffle.server.http.RequestHead;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A look-up costs no garbage, whatever it has to look at. */
class RouteAllocationTest {

    private static final int ROUNDS = 2_000;

    @Test
    void lookUpsCostNoGarbage() throws Exception {
        List<RouteRule<String>> rules = new ArrayList<>();
        for (String match : List.of(
                "host=h.org exact=/a",
                "host=*.h.org path=/a",
                "pattern=/users/*/cart method=PURGE",
                "regex=/(x|y)+/z",
                "path=/q query=q=1 cookie=c=1",
                "path=/q client=192.0.2.0/24 listener=default",
                "path=/admin")) {
            rules.add(Asked.rule(match, Asked.match(match)));
        }
        for (int i = 0; i < 20; i++) {
            rules.add(Asked.rule("tenant" + i, Asked.match("path=/t header=x-tenant=t" + i)));
        }
        rules.add(Asked.rule("else"));
        RouteTable<String> table = RouteTable.of(rules);
        List<RequestHead> heads = new ArrayList<>();
        for (String line : List.of(
                "GET h.org/a",
                "GET x.h.org:80/a/b",
                "PURGE h.org/users/7/cart",
                "GET h.org/xyxy/z",
                "GET h.org/q?p=1&q=%31",
                "GET h.org/t",
                "GET h.org/p/..%2fadmin",
                "GET h.org/%c3%a4;x/../b")) {
            heads.add(Asked.request(line, "X-Tenant: t7", "Cookie: a=b; c=1").head());
        }
        RouteQuery query = new RouteQuery();
        rounds(table, heads, query); // loads classes and grows arrays
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds(table, heads, query);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        // One object of the smallest size per round would be 16 bytes; what the measuring itself allocates is far
        // below.
        assertTrue(allocated < ROUNDS * 16 / 10, allocated + " bytes in " + ROUNDS + " rounds");
    }

    private static void rounds(RouteTable<String> table, List<RequestHead> heads, RouteQuery query) {
        int listener = table.listener("default");
        for (int i = 0; i < ROUNDS; i++) {
            for (int k = 0; k < heads.size(); k++) {
                table.find(heads.get(k), Asked.CLIENT, listener, query);
            }
        }
    }
}
