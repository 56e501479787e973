// SPDX-License-Identifier: Apache-2.0
/** The engine of Waffle and its command line. Exports nothing: strategies see {@code io.waffle.api} only. */
@org.jspecify.annotations.NullMarked
module io.waffle.server {
    requires static org.jspecify;
    requires io.waffle.api;
    requires io.helidon.webserver;
    requires io.helidon.common;
    requires io.helidon.http;
    requires io.helidon.common.buffers;
    requires io.helidon.common.concurrency.limits;
    requires io.helidon.common.socket;
    requires io.helidon.common.task;
    requires jakarta.json;
    requires org.yaml.snakeyaml;
    requires java.logging;
    requires jdk.management;
    // For plugins: what the server requires is resolved at the start, and only that can be seen later.
    requires java.net.http;
    requires java.sql;
    requires java.xml;
    requires jdk.net; // how often the host asks a silent peer whether it is there
    requires jdk.unsupported; // sun.misc.Signal, for SIGHUP

    uses io.waffle.api.StrategyProvider;
}
