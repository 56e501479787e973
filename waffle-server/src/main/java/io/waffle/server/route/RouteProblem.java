// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

/**
 * What is wrong with routes, or likely to be.
 *
 * @param rule the index of the route to change, the later one of two
 * @param message names all routes it is about
 */
public record RouteProblem(int rule, String message) {}
