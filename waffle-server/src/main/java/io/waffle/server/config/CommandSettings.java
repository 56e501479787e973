// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.COMMANDS;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings: files, and what Waffle can be asked to do instead of serving; a part of the table {@link Settings}. */
public final class CommandSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<Path> CONFIG =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("config"), Shape.ONE, Forms.FILE, "", """
            A YAML file with any of the settings that have a YAML key. Flags and variables win over it. Relative paths in
            it are relative to its folder."""));

    public static final Setting<Path> PLUGINS =
            TABLE.add(new Setting<>(COMMANDS, "plugins", List.of("plugins"), Shape.ONE, Forms.FOLDER, "", """
            The folder with strategy plugins: jars, or folders of jars. By default `plugins` beside the `lib` folder
            Waffle was started from, if there is one."""));

    public static final Setting<Boolean> WATCH =
            TABLE.add(new Setting<>(COMMANDS, "watch", List.of("watch"), Shape.SWITCH, Forms.SWITCH, "false", """
            Whether the configuration is read anew whenever its file, or one for TLS that it names, has changed, as it is at
            a SIGHUP. One that is wrong changes nothing, and the log says why."""));

    public static final Setting<Path> PID_FILE =
            TABLE.add(new Setting<>(COMMANDS, "pid_file", List.of("pid-file"), Shape.ONE, Forms.FILE, "", """
            A file that has the number of the process while it serves, for `waffle reload`, `waffle stop` and others that
            want to know. Read at start. Without it there is none."""));

    public static final Setting<Boolean> RELOAD =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("reload"), Shape.COMMAND, Forms.SWITCH, "false", """
            Has the Waffle that runs by this configuration read it anew, and exits: by its admin API if there is one that
            may change something, and then says what came of it, else by SIGHUP to the process of `pid_file`. Written without
            a dash, too: `waffle reload -config FILE`."""));

    public static final Setting<Boolean> STOP =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("stop"), Shape.COMMAND, Forms.SWITCH, "false", """
            Stops the Waffle of `pid_file` by SIGTERM, waits until it has ended, and exits. Written without a dash, too:
            `waffle stop -pid-file FILE`."""));

    public static final Setting<Boolean> CHECK =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("check"), Shape.COMMAND, Forms.SWITCH, "false", """
            Checks everything that is configured, the strategy and the TLS files too, says so, and exits."""));

    public static final Setting<String> EXPLAIN =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("explain"), Shape.PAIR, RouteForms.ASKED, "", """
            Says which route such a request takes by this configuration, by what, and what the nearest others fail at, and exits:
            `waffle -explain 'GET https://api.example.org/v2' -config FILE`. It may be given more than once. Of one that runs,
            `GET /api/explain` of its admin API says the same, and which backend would be picked."""));

    public static final Setting<String> EXPLAIN_HEADER =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("explain-header"), Shape.PAIR, RouteForms.FIELD, "", """
            A header field of that request, such as `x-tenant: acme` or `cookie: beta=1`; may be given more than once."""));

    public static final Setting<Host.Address> EXPLAIN_CLIENT = TABLE.add(
            new Setting<>(COMMANDS, "", List.of("explain-client"), Shape.PAIR, AddressForms.ADDRESS, "", """
            The address it comes from; `127.0.0.1` if it is not given."""));

    public static final Setting<String> EXPLAIN_LISTENER =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("explain-listener"), Shape.PAIR, Forms.NAME, "", """
            The listener it comes by; if it is not given, the first of the scheme and port of its URL, or of the scheme."""));

    public static final Setting<OutputFormat> OUTPUT = TABLE.add(
            new Setting<>(COMMANDS, "", List.of("o"), Shape.PAIR, Forms.word("FORMAT", OutputFormat.class), "", """
            How `waffle status` and the other commands to one that runs write what they say: `text`, which is the default, `wide`
            with more columns, or `json`, as the admin API has it."""));

    public static final Setting<String> STATE =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("state"), Shape.PAIR, Forms.BACKEND_STATE, "", """
            Which backends `waffle backends` lists, all if it is not given: those in this state, or those in `trouble`, which
            are down, ejected or without an address."""));

    public static final Setting<String> IN_POOL =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("in-pool"), Shape.PAIR, Forms.NAME, "", """
            The pool of the backend that `waffle drain`, `undrain`, `weight` or `backends` is about, if it is in several."""));

    public static final Setting<Duration> WAIT =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("wait"), Shape.PAIR, Forms.duration("1s", "24h"), "", """
            How long `waffle drain` waits for the requests that backend has; the exit code is 1 if they have not ended by then."""));

    public static final Setting<Boolean> DEMO =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("demo"), Shape.COMMAND, Forms.SWITCH, "false", """
            Starts four small backends of its own, in two pools with three routes, and prints what to try."""));

    public static final Setting<Boolean> VERSION =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("version", "v"), Shape.COMMAND, Forms.SWITCH, "false", """
            Prints the versions of Waffle, Java and Helidon and the strategies found, and exits."""));

    public static final Setting<Boolean> HELP =
            TABLE.add(new Setting<>(COMMANDS, "", List.of("help", "h"), Shape.COMMAND, Forms.SWITCH, "false", """
            Prints what one needs first, and exits; `-help GROUP` the settings of a group, as in `-help tls`, and `-help all`
            all of them."""));

    private CommandSettings() {}
}
