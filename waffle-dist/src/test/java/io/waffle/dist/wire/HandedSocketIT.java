// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.waffle.dist.WaffleProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The listening socket is of somebody who starts Waffle again and again, as systemd does with a {@code .socket} unit. */
final class HandedSocketIT {

    private static final Path PERL = Path.of("/usr/bin/perl");

    /** Listens, and has so many processes of a command listen there, one after the other; each is told where, or that it is elsewhere. */
    private static final String KEEPER = """
            use Socket; $| = 1; $^F = 3; my ($times, $listen, @command) = @ARGV;
            socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK)) or die; listen($s, 100) or die;
            my $at = $listen || "127.0.0.1:" . (sockaddr_in(getsockname($s)))[0];
            while ($times-- > 0) {
              my $child = fork;
              if (!$child) {
                POSIX::dup2(fileno($s), 3) if fileno($s) != 3;
                @ENV{qw(LISTEN_FDS LISTEN_PID)} = (1, $$); exec(@command, "-listen", $at) or die;
              }
              print "child $child\\n"; waitpid($child, 0); print "ended ", $? >> 8, "\\n";
            }
            """;

    private static WaffleProcess keep(int times, String listen, String backend) {
        return WaffleProcess.launch(
                List.of(
                        PERL.toString(),
                        "-MPOSIX",
                        "-e",
                        KEEPER,
                        Integer.toString(times),
                        listen,
                        WaffleProcess.launcher().toString(),
                        "-backends",
                        backend),
                Map.of(),
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    @BeforeEach
    void perlIsThere() {
        assumeTrue(Files.isExecutable(PERL), "no perl, which can hand a socket over; Java cannot");
    }

    @Test
    @DisplayName("a socket that was handed over outlives the process: who connects between two of them is served")
    void outlives() throws Exception {
        try (ScriptedBackend backend = ScriptedBackend.start();
                WaffleProcess keeper = keep(2, "", backend.url())) {
            int port = keeper.port();
            try (RawClient client = RawClient.to(port)) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            String first = keeper.awaitOutput(Pattern.compile("child (\\d+)")).group(1);
            assertEquals(0, new ProcessBuilder("kill", first).start().waitFor());
            keeper.awaitOutput(Pattern.compile("ended 0"));
            try (RawClient client = RawClient.to(port)) {
                assertEquals(200, client.exchangeGet("/").status());
            }
            keeper.awaitOutput(Pattern.compile("(?s)listening on .*listening on "));
            String second = keeper.awaitOutput(Pattern.compile("child (?!" + first + ")(\\d+)"))
                    .group(1);
            assertEquals(0, new ProcessBuilder("kill", second).start().waitFor());
            assertEquals(0, keeper.awaitEnd().code());
        }
    }

    @Test
    @DisplayName("a socket of another address is refused, and both are said")
    void another() {
        try (WaffleProcess keeper = keep(1, "127.0.0.1:1", "http://127.0.0.1:2")) {
            String output = keeper.awaitEnd().output();
            assertTrue(
                    output.matches(
                            "(?s).*127\\.0\\.0\\.1:1.*the socket that was handed over listens on 127\\.0\\.0\\.1:\\d+.*"),
                    output);
            assertTrue(output.contains("ended 1"), output);
        }
    }
}
