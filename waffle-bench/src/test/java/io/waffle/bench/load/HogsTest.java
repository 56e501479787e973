// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HogsTest {

    @ParameterizedTest
    @ValueSource(strings = {"downloads", "pipelined", "bytes"})
    void eachResponseIsCounted(String kind) throws Exception {
        try (var server = LittleServer.answering(n -> LittleServer.OK)) {
            Run run = run("http://" + server.address() + "/x", kind);
            assertEquals(Program.OK, run.code(), run::err);
            assertEquals(2, server.accepted());
            assertEquals(server.requests(), run.number("responses"));
            assertTrue(server.heads().stream().allMatch(head -> head.startsWith("GET /x HTTP/1.1\n")));
        }
    }

    @Test
    void aRefusalIsOneLine() throws Exception {
        try (var server = LittleServer.answering(n -> LittleServer.OK.replace("200", "503"))) {
            Run run = run("http://" + server.address() + "/x", "downloads");
            assertEquals(Program.FAILED, run.code());
            assertEquals(1, run.err().lines().count(), run::err);
        }
    }

    @Test
    void anUnknownKindIsRefused() {
        Run run = run("http://127.0.0.1:1/", "apples");
        assertEquals(Program.WRONG_USAGE, run.code());
        assertTrue(run.err().contains("--kind: apples (expected: "), run::err);
    }

    private static Run run(String url, String kind) {
        return Run.of(Hogs.PROGRAM, "--url", url, "--kind", kind, "--clients", "2", "--seconds", "1");
    }
}
