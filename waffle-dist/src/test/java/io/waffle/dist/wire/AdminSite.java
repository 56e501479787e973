// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static io.waffle.dist.wire.RawClient.GET;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A Waffle with an admin API in front of three {@linkplain NumberedBackends numbered backends}. */
final class AdminSite implements AutoCloseable {

    static final int BACKENDS = 3;

    private final Site site;
    private final AdminClient admin;

    private AdminSite(Site site) {
        this.site = site;
        this.admin = AdminClient.of(site.waffle());
    }

    /** With these flags besides; its token is in a file of this folder. */
    static AdminSite open(Path folder, String... more) {
        try {
            Path token = Files.writeString(folder.resolve("token"), AdminClient.TOKEN + "\n");
            String[] flags = {"-admin", "127.0.0.1:0", "-admin-token-file", token.toString()};
            return new AdminSite(NumberedBackends.number(Site.open(BACKENDS, Options.with(flags, more))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Site site() {
        return site;
    }

    AdminClient admin() {
        return admin;
    }

    /** The first request to this backend waits. */
    void hold(int number, CountDownLatch release) {
        CountDownLatch once = new CountDownLatch(1);
        site.backend(number).on(request -> {
            request.readBody();
            if (once.getCount() > 0) {
                once.countDown();
                release.await();
            }
            request.connection().answer(200, Integer.toString(number));
        });
    }

    /** A client whose request is at this backend. */
    RawClient busyAt(int number) {
        for (int i = 0; i < BACKENDS; i++) {
            RawClient client = site.client().send(GET);
            assertTrue(Eventually.holds(
                    () -> answered(client) || !site.backend(number).taken().isEmpty()));
            if (!answered(client)) {
                return client;
            }
            client.close();
        }
        throw new AssertionError("nothing came to backend " + number);
    }

    private static boolean answered(RawClient client) {
        try {
            return client.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The requests that all backends have, as it says. */
    int inFlight() {
        return admin.get("/api/pools")
                .getJsonArray("pools")
                .getJsonObject(0)
                .getJsonObject("counts")
                .getInt("in_flight");
    }

    @Override
    public void close() {
        site.close();
    }
}
