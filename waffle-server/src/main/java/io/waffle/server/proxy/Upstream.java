// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.PoolConfig;
import io.waffle.server.pool.Pool;
import io.waffle.server.tls.ClientTls;

/** A pool as it is configured, with what was made of that. */
public record Upstream(PoolConfig config, Pool pool, ClientTls tls) {}
