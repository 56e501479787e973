// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs of {@code io.waffle.bench.load}, each in a process of its own. */
final class LoadProgram {

    private LoadProgram() {}

    static List<String> command(String program, List<String> javaFlags, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(Commands.java("java")));
        command.addAll(javaFlags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.waffle.bench.load." + program));
        command.addAll(arguments);
        return command;
    }

    /** Runs one that tells its results as a JSON object. */
    static Map<String, Object> results(String program, List<String> arguments)
            throws IOException, InterruptedException {
        return JSON.std.mapFrom(object(Commands.run(command(program, Tls.javaFlags(), arguments))));
    }

    /** The results of one that met no error. */
    static Map<String, Object> flawless(String program, List<String> arguments)
            throws IOException, InterruptedException {
        Map<String, Object> results = results(program, arguments);
        if (number(results, "errors") > 0) {
            results.remove("histogram");
            throw new IOException(program + " met errors: " + results);
        }
        return results;
    }

    static double number(Map<String, Object> results, String name) throws IOException {
        if (results.get(name) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IOException(name + ": missing (expected: a number) in " + results);
    }

    /** Starts one that says when it is ready, and holds what it has until it is closed or its input ends. */
    static ManagedProcess held(String program, List<String> javaFlags, List<String> arguments) throws IOException {
        ManagedProcess process =
                ManagedProcess.start(command(program, javaFlags, arguments), Map.of(), Optional.empty());
        StringBuilder said = new StringBuilder();
        // Byte by byte: its output stays open for as long as it holds the connections.
        for (int b = process.output().read(); b >= 0; b = process.output().read()) {
            said.append((char) b);
            if (said.toString().endsWith("ready\n")) {
                return process;
            }
        }
        process.close();
        throw new IOException(program + " did not get ready: " + said);
    }

    /** From the first brace on: the JVM may have written a warning before. */
    private static String object(String output) throws IOException {
        int start = output.indexOf('{');
        if (start < 0) {
            throw new IOException("no JSON object in: " + output);
        }
        return output.substring(start);
    }
}
