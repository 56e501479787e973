// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static io.waffle.server.config.Setting.Group.STICKY;

import io.waffle.server.config.Setting.Scope;
import io.waffle.server.config.Setting.Shape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings: sessions that stay with a backend; a part of the table {@link Settings}. */
public final class StickySettings {

    static final SettingTable TABLE = new SettingTable(Scope.POOL);

    public static final Setting<String> COOKIE = TABLE.add(
            new Setting<>(STICKY, "sticky.cookie", List.of("sticky-cookie"), Shape.ONE, Forms.COOKIE, "", """
            The name of a cookie that keeps a client with its backend, whatever the strategy, as long as that backend is
            well. Without a name there is none. Its value is a signature: it tells nobody the backend."""));

    public static final Setting<Path> KEY_FILE = TABLE.add(
            new Setting<>(STICKY, "sticky.key_file", List.of("sticky-key-file"), Shape.LIST, Forms.FILE, "", """
            A file with the secret the values are made with: 16 to 4096 bytes of any kind, without an end of line behind
            them. Several instances with the same secret know each other's cookies. Of several files the first makes
            cookies, and those of all are known, so that a secret can be replaced: a client with a cookie of another gets one
            of the first. Without it each start makes up its own; a warning is logged."""));

    public static final Setting<Duration> MAX_AGE = TABLE.add(new Setting<>(
            STICKY, "sticky.max_age", List.of("sticky-max-age"), Shape.ONE, Forms.duration("0s", "9600h"), "0s", """
            How long a client keeps the cookie, counted from when it got its backend. 0s is until the browser ends."""));

    public static final Setting<String> PATH = TABLE.add(
            new Setting<>(STICKY, "sticky.path", List.of("sticky-path"), Shape.ONE, Forms.COOKIE_PATH, "/", """
            The path the cookie is for, with all below it."""));

    public static final Setting<StickyConfig.SameSite> SAME_SITE = TABLE.add(new Setting<>(
            STICKY,
            "sticky.same_site",
            List.of("sticky-same-site"),
            Shape.ONE,
            Forms.word("SAME_SITE", StickyConfig.SameSite.class),
            "lax",
            """
            With which requests that other sites cause browsers send the cookie. With `none` they send it with all, but only
            over https, so the listener has to speak TLS, or a trusted proxy before it. The cookie is HttpOnly, and Secure if
            the client came over https."""));

    public static final Setting<Duration> DRAIN = TABLE.add(new Setting<>(
            STICKY, "sticky.drain", List.of("sticky-drain"), Shape.ONE, Forms.duration("0s", "9600h"), "5m", """
            How long a backend of weight 0 still gets the requests of the clients that are kept with it. After that they move
            to others."""));

    public static final Setting<StickyConfig.Cacheable> CACHEABLE = TABLE.add(new Setting<>(
            STICKY,
            "sticky.cacheable",
            List.of("sticky-cacheable"),
            Shape.ONE,
            Forms.word("CACHEABLE", StickyConfig.Cacheable.class),
            "keep",
            """
            What is done about a response that sets the cookie and says `public` or `s-maxage`: `keep` passes it on as it is,
            `no_store` with `Cache-Control: no-store` instead, so that no cache in front gives one client's cookie to another."""));

    private StickySettings() {}
}
