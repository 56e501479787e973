// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.architecture.broken.extra;

/** Breaks: a package without a place in the order. */
public final class Misplaced {}
