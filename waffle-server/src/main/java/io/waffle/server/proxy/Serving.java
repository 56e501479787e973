// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import java.util.Optional;

/**
 * What requests are served by, whichever listener they come by.
 *
 * @param leniency towards backends whose heads are not quite in order
 * @param accessLog empty for none
 */
public record Serving(Routing routing, boolean leniency, Optional<AccessLog> accessLog) {}
