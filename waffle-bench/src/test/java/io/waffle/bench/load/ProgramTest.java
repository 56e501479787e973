// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rate 1                                  | --url: missing (expected: --url U --rate R [--fast])
            --url http://127.0.0.1/ --rate            | --rate: no value (expected: --url U --rate R [--fast])
            --url http://127.0.0.1/ --rat 1           | --rat: unknown (expected: --url U --rate R [--fast])
            --url http://127.0.0.1/ --rate 1 --rate 2 | --rate: given twice
            --url http://127.0.0.1/ --rate 0          | --rate: 0 (expected: 1-9)
            --url http://127.0.0.1/ --rate x          | --rate: x (expected: 1-9)
            --url http://192.0.2.1/ --rate 1          | --url: 192.0.2.1 (expected: a loopback address, 127.0.0.1)
            --url http://example.org/ --rate 1        | --url: example.org (expected: a loopback address, 127.0.0.1)
            --url ftp://127.0.0.1/ --rate 1           | --url: ftp://127.0.0.1/ (expected: http://127.0.0.1:8080/path, or https)
            --url http://127.0.0.1:99999/ --rate 1    | --url: port 99999 (expected: 0-65535)
            """)
    void aWrongOptionIsOneLineAndExitCode2(String args, String message) {
        Run run = Run.of(new Program("Tool", "--url U --rate R [--fast]", ProgramTest::read), args.split(" "));
        assertEquals(Program.WRONG_USAGE, run.code());
        assertEquals("Tool: " + message + System.lineSeparator(), run.err());
        assertEquals("", run.out());
    }

    @ParameterizedTest
    @CsvSource({
        "--url http://127.0.0.1:80/a --rate 9,/127.0.0.1:80 /a 9 false",
        "--fast --rate 1 --url https://[::1]?q,/[0:0:0:0:0:0:0:1]:443 /?q 1 true",
        "--rate 2 --url http://localhost:1,localhost/127.0.0.1:1 / 2 false"
    })
    void optionsComeInAnyOrder(String args, String read) {
        Run run = Run.of(new Program("Tool", "--url U --rate R [--fast]", ProgramTest::read), args.split(" "));
        assertEquals(read + System.lineSeparator(), run.out());
        assertEquals(Program.OK, run.code(), run.err());
    }

    private static void read(Arguments args, java.io.InputStream in, java.io.PrintStream out) throws UsageException {
        Target target = args.url("--url");
        out.println(
                target.address() + " " + target.path() + " " + args.number("--rate", 1, 9) + " " + args.has("--fast"));
    }
}
