// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;

/**
 * A value as it was given.
 *
 * @param folder what a relative path in it is relative to: the working directory, or the folder of the file
 */
public record RawValue(String text, Origin origin, Path folder) {}
