// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.plugin;

/**
 * A strategy that was found, and where.
 *
 * @param name what {@code -lb-strategy} calls it
 * @param module the module it is of; for a plugin on the class path, its class
 * @param version of the module, or of the jar's manifest; {@code unversioned} if neither says
 * @param location its jar: a path, or a URI if it is not a file
 */
public record StrategyInfo(String name, String module, String version, String location) {

    /** Fits a line: {@code module acme.nearest 1.2 in /opt/waffle/plugins/nearest.jar}. */
    @Override
    public String toString() {
        return "module " + module + " " + version + " in " + location;
    }
}
