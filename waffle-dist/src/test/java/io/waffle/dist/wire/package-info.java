// SPDX-License-Identifier: Apache-2.0
/**
 * What ships, seen from outside: raw sockets on both sides of a running {@code bin/waffle}. Test names begin with the number of the behaviour in docs/wire-behaviours.md.
 */
@NullMarked
package io.waffle.dist.wire;

import org.jspecify.annotations.NullMarked;
