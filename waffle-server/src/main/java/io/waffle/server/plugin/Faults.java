// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

/** What other people's code threw, put into words that fit a line. */
final class Faults {

    private static final int LONGEST = 300;

    private Faults() {}

    /** The exception, and where it came from; never throws, whatever the exception's own methods do, and never breaks the line. */
    static String describe(Throwable fault) {
        String text;
        try {
            StackTraceElement[] trace = fault.getStackTrace();
            text = fault + (trace.length == 0 ? "" : " at " + trace[0]);
        } catch (Throwable another) {
            text = fault.getClass().getName();
        }
        return line(text);
    }

    /** The text without control characters, and not longer than a line bears. */
    static String line(String text) {
        String bounded = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return bounded.replaceAll("\\p{Cntrl}+", " ");
    }
}
