// SPDX-License-Identifier: Apache-2.0
/**
 * Small programs that load a proxy, or stand in its place: each a main class, with options as its usage line says, loopback addresses only,
 * bounded in count and time. A wrong option is one line on the error stream and exit code 2, a failed run the same with 1. Those that measure
 * print one JSON object; those that hold something print {@code ready} and hold it until their input ends.
 *
 * <p>What measures is best run with a small heap, {@code -XX:+UseSerialGC -Xms64m -Xmx64m}, and what proxies with the JVM's defaults.
 */
@org.jspecify.annotations.NullMarked
package io.waffle.bench.load;
