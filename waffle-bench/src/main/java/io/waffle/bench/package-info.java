// SPDX-License-Identifier: Apache-2.0
/** Benchmarks. On the class path, since the code JMH generates is in packages of its own. */
@org.jspecify.annotations.NullMarked
package io.waffle.bench;
