// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came of running a program in this process. */
record Run(int code, String out, String err) {

    static Run of(Program program, String... args) {
        return of(program, new ByteArrayInputStream(new byte[0]), args);
    }

    static Run of(Program program, InputStream in, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int code = program.run(
                args,
                in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A number of the JSON object that was printed. */
    double number(String name) {
        Matcher matcher = Pattern.compile("\"" + name + "\":(-?[0-9.]+)").matcher(out);
        if (!matcher.find()) {
            throw new AssertionError("no " + name + " in: " + out + err);
        }
        return Double.parseDouble(matcher.group(1));
    }
}
