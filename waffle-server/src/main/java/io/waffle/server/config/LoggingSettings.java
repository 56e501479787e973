// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.LOGGING;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: the log and the access log; a part of the table {@link Settings}. */
public final class LoggingSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<LoggingConfig.Level> LOG_LEVEL = TABLE.add(new Setting<>(
            LOGGING,
            "logging.level",
            List.of("log-level"),
            Shape.ONE,
            Forms.word("LEVEL", LoggingConfig.Level.class, Synonyms.LEVELS),
            "info",
            """
            The least important messages that are logged."""));

    public static final Setting<LoggingConfig.Format> LOG_FORMAT = TABLE.add(new Setting<>(
            LOGGING,
            "logging.format",
            List.of("log-format"),
            Shape.ONE,
            Forms.word("FORMAT", LoggingConfig.Format.class),
            "text",
            """
            How a line of the log looks: for people, or a JSON object for machines. The log goes to standard error."""));

    public static final Setting<Path> ACCESS_LOG =
            TABLE.add(new Setting<>(LOGGING, "access_log.file", List.of("access-log"), Shape.ONE, Forms.FILE, "", """
            The file that gets a line for each request; `-` is standard output. Without it there is none. If the disk does
            not keep up, lines are dropped, and the log says how many. A file that was moved away is begun anew, by SIGUSR1 at
            once. A named pipe keeps what it has room for while nobody reads."""));

    public static final Setting<AccessFormat> ACCESS_LOG_FORMAT = TABLE.add(new Setting<>(
            LOGGING,
            "access_log.format",
            List.of("access-log-format"),
            Shape.ONE,
            Forms.ACCESS_FORMAT,
            "combined",
            """
            How a line looks: `common`, `combined`, `json`, or a text with variables. `{client}`, `{time}`, `{method}`,
            `{target}`, `{version}`, `{host}`, `{referer}`, `{user_agent}`, `{status}` (499 for a client that left),
            `{bytes}` of the body, `{route}`, `{pool}`, `{backend}`, `{strategy}`, `{reason}` for that backend (`policy`; `sticky`; `retry`; `fallback`, in
            place of a strategy that failed; `all_down`; `queue`), `{attempts}`, `{first_byte_ms}`, `{duration_ms}`, `{queue_ms}`,
            `{connect_ms}` (none for a connection that was used again). If it did not end well: `{fault}`; `{ended_by}`
            (`client`, `backend`, `waffle`); `{phase}` (`request_head`, `queue`, `connect`, `request`, `response_head`,
            `response`, `tunnel`). `{tries}`: the attempts one by one, as `backend=status/connect/first byte/total`.
            `{server_name}`: the name the connection was made with, where `tls.names` decide by it. Of a request that was refused, what could be read is told; of any value, the first 2 KiB."""));

    public static final Setting<Long> ACCESS_LOG_MAX_SIZE = TABLE.add(new Setting<>(
            LOGGING,
            "access_log.max_size",
            List.of("access-log-max-size"),
            Shape.ONE,
            Forms.size("0", "1024TiB"),
            "0",
            """
            When the file has grown to this, it is put aside as `FILE.1`, that one as `FILE.2`, and so on. 0 is never."""));

    public static final Setting<Integer> ACCESS_LOG_KEEP = TABLE.add(new Setting<>(
            LOGGING, "access_log.keep", List.of("access-log-keep"), Shape.ONE, Forms.count(0, 1_000), "5", """
            How many of those are kept."""));

    private LoggingSettings() {}
}
