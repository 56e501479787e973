// SPDX-License-Identifier: Apache-2.0
/** Classes that break the rules, each at least one, so that a test can see the rules bite. Nothing here runs. */
@org.jspecify.annotations.NullMarked
package io.waffle.dist.architecture.broken;
