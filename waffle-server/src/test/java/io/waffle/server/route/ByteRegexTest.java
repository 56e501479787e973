// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.InvalidValue;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRegexTest {

    private final RegexMachine machine = new RegexMachine();

    /** The examples of GEP-4359, and those it leaves to be guessed. */
    @ParameterizedTest(name = "{0} | {1} | {2}")
    @CsvSource(delimiterString = " | ", textBlock = """
            ^(https?://)?www\\.example\\.(com|org)$ | https://www.example.org | true
            ^(https?://)?www\\.example\\.(com|org)$ | www.example.corg | false
            colo(u|)r | color | true
            colou{0,1}r | colouur | false
            \\*+ | **** | true
            [a-zA-Z0-9.] | . | true
            [^a-zA-Z] | 9 | true
            ^[^^]$ | ^ | false
            ^[-a]$ | - | true
            ^[a-]$ | - | true
            ^[\\-\\.\\*\\(\\)\\{\\}\\|\\^\\$\\\\]$ | \\ | true
            ^[-.*(){}|^$\\\\]$ | | | true
            [\\]] | ] | true
            a{2} | aaa | false
            a{2,} | aaaa | true
            (ab){1,2} | ababab | false
            a$b | ab | false
            (^a|b)c | ac | true
            a^b | ab | false
            """)
    void matches(String regex, String text, boolean expected) throws InvalidValue {
        assertEquals(expected, matches(ByteRegex.parse(regex), text));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " | ", textBlock = """
            a** | one of *, +, ? and {} behind what is repeated
            a*? | one of *, +, ? and {} behind what is repeated
            *a | something to repeat before *
            (a | a ) for each (
            a) | no ) without its (
            [a | a ] for each [
            [] | \\[ and \\] for brackets in brackets
            [[:alpha:]] | \\[ and \\] for brackets in brackets
            [b-a] | a range that goes up
            \\d | a special character behind \\; [0-9] is for \\d
            a{,2} | {n}, {n,} or {n,m}
            a{2,1} | {n}, {n,} or {n,m}
            (?i)a | groups without options
            ä | ASCII; what is beyond it is percent-encoded in paths
            a} | \\} in place of }
            """)
    void refuses(String regex, String expected) {
        InvalidValue e = assertThrows(InvalidValue.class, () -> ByteRegex.parse(regex));
        assertTrue(e.expected().startsWith("a regular expression (" + expected), e.expected());
    }

    @Test
    void refusesWhatIsTooLongWrittenOut() {
        for (String regex :
                new String[] {"(a{100}){10}", "((((){1000}){1000}){1000}){1000}", "(".repeat(60) + ")".repeat(60)}) {
            assertThrows(InvalidValue.class, () -> ByteRegex.parse(regex));
        }
    }

    @Test
    void agreesWithTheJdk() throws InvalidValue {
        Random random = new Random(20261201);
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String text = regex(random, 3);
            ByteRegex regex = ByteRegex.parse(text);
            Pattern pattern = Pattern.compile(text, Pattern.DOTALL);
            for (int k = 0; k < 5; k++) {
                String value = value(random);
                boolean expected = pattern.matcher(value).matches();
                assertEquals(expected, matches(regex, value), () -> text + " on " + value);
                assertTrue(!expected || value.startsWith(regex.literal()), () -> text + " has not " + regex.literal());
                matched += expected ? 1 : 0;
            }
        }
        assertTrue(matched > 10_000, "a test that tells little");
    }

    /** Each of them takes the JDK's, or others that try again, longer than anybody waits. */
    @Test
    void takesTimeByTheLengthOfTheValue() throws InvalidValue {
        String hostile = "a".repeat(8192);
        for (String regex :
                new String[] {"(a+)+b", "(a|aa)+b", "(a|a?)+b", "(.*.*)*.*b", "((a*)*)*b", "(a?){200}a{200}b"}) {
            ByteRegex parsed = ByteRegex.parse(regex);
            assertEquals(false, matches(parsed, hostile));
            assertEquals(!regex.contains("200"), matches(parsed, hostile + "b"));
        }
    }

    private boolean matches(ByteRegex regex, String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);
        return machine.matches(regex, bytes, 1, bytes.length - 1);
    }

    private static String value(Random random) {
        StringBuilder value = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            value.append("ab/c".charAt(random.nextInt(4)));
        }
        return value.toString();
    }

    private static String regex(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 4)) {
            case 0 -> "a";
            case 1 -> "b";
            case 2 -> ".";
            case 3 -> random.nextBoolean() ? "[ab]" : "[^a/]";
            case 4, 5 -> regex(random, depth - 1) + regex(random, depth - 1);
            case 6 -> "(" + regex(random, depth - 1) + "|" + regex(random, depth - 1) + ")";
            case 7 -> "(" + regex(random, depth - 1) + ")" + "*+?".charAt(random.nextInt(3));
            default -> "(" + regex(random, depth - 1) + "){" + random.nextInt(2) + ",2}";
        };
    }
}
