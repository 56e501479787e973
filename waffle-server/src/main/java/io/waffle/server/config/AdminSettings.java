// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.ADMIN;

import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.util.List;

/** Settings: the API for operators, and the listener for probes; a part of the table {@link Settings}. */
public final class AdminSettings {

    static final SettingTable TABLE = new SettingTable();

    public static final Setting<ListenAddress> LISTEN = TABLE.add(
            new Setting<>(ADMIN, "admin.listen", List.of("admin"), Shape.ONE, AddressForms.LOOPBACK, "", """
            Where the admin API listens (docs/admin-api.md): on a loopback address only. Without it there is none."""));

    public static final Setting<ListenAddress> METRICS_LISTEN = TABLE.add(
            new Setting<>(ADMIN, "metrics.listen", List.of("metrics-listen"), Shape.ONE, AddressForms.TCP, "", """
            Where a listener for those who only look listens: orchestrators and balancers in front, which ask `/healthz` and
            `/readyz`. On any address, without a token; it tells no secret and changes nothing. Without it there is none."""));

    public static final Setting<Path> TOKEN = TABLE.add(
            new Setting<>(ADMIN, "admin.token_file", List.of("admin-token-file"), Shape.ONE, Forms.FILE, "", """
            A file with the token that whoever changes something sends as `Authorization: Bearer TOKEN`: at least 16
            characters, without blanks, read at start and at each reload. Without it the admin API changes nothing."""));

    private AdminSettings() {}
}
