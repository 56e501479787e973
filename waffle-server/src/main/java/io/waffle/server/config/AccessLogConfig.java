// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A line for each request.
 *
 * @param enabled whether there is any
 * @param file where; empty for standard output
 * @param maxSize of the file in bytes, when it is put aside and another begun; 0 for no bound
 * @param keep how many that were put aside are kept
 */
public record AccessLogConfig(boolean enabled, Optional<Path> file, AccessFormat format, long maxSize, int keep) {}
