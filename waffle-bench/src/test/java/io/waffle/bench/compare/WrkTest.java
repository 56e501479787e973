// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class WrkTest {

    @Test
    void resultsAreTheLineOfTheScript() throws IOException {
        Wrk.Result result = Wrk.Result.parse("""
                Running 5s test @ http://127.0.0.1:29401/small
                  1 threads and 64 connections
                  100000 requests in 5.00s, 23.75MB read
                Requests/sec:  20000.00
                compare: 100000 5000000 1928 8169 12787 0
                """);
        assertEquals(new Wrk.Result(100_000, 5_000_000, 1928, 8169, 12_787, 0), result);
        assertEquals(20_000, result.perSecond());
    }

    @Test
    void withoutThatLineThereIsNoResult() {
        assertThrows(IOException.class, () -> Wrk.Result.parse("unable to connect to 127.0.0.1:1 Connection refused"));
    }
}
