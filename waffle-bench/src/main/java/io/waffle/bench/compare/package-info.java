// SPDX-License-Identifier: Apache-2.0
/**
 * The end-to-end comparison behind {@code waffle-bench/compare}: starts backends, Waffle and its peers with equal settings, drives them in
 * turns, and says how the bounds of each row were kept. One thread measures; what it starts runs in processes of its own.
 */
@org.jspecify.annotations.NullMarked
package io.waffle.bench.compare;
