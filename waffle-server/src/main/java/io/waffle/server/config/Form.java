// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/**
 * What a value looks like, and how it is read.
 *
 * @param placeholder what stands for the value in the help: {@code DURATION}
 * @param range what is allowed, as the reference page says it: {@code 10ms to 24h}
 */
record Form<T>(String placeholder, String range, Reader<T> reader) {

    /** Reads one value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(RawValue given) throws InvalidValue;
    }

    T read(RawValue given) throws InvalidValue {
        return reader.read(given);
    }
}
