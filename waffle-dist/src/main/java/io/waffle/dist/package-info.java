// SPDX-License-Identifier: Apache-2.0
/** Puts the distribution together: a program of the build, run by waffle-dist's pom, that ships with nobody. */
@org.jspecify.annotations.NullMarked
package io.waffle.dist;
