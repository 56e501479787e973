// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/** What all rows share: a folder for everybody's files, the backends, the certificate, and the client. */
final class Lab implements AutoCloseable {

    private final TemporaryFolder folder;
    private final Path nginx;
    private final Wrk wrk;
    private final Certificate certificate;
    private final int seconds;
    private final Map<Integer, Backends> backends = new HashMap<>();
    private int sites;

    private Lab(TemporaryFolder folder, Path nginx, Wrk wrk, Certificate certificate, int seconds) {
        this.folder = folder;
        this.nginx = nginx;
        this.wrk = wrk;
        this.certificate = certificate;
        this.seconds = seconds;
    }

    static Lab open(Path nginx, Path wrk, int seconds) throws IOException, InterruptedException {
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            Certificate certificate = Certificate.create(folder.path());
            return new Lab(folder, nginx, Wrk.in(folder.path(), wrk), certificate, seconds);
        } catch (IOException | InterruptedException e) {
            folder.close();
            throw e;
        }
    }

    Path folder() {
        return folder.path();
    }

    Wrk wrk() {
        return wrk;
    }

    /** How long a turn lasts. */
    int seconds() {
        return seconds;
    }

    /** A free port before as many backends as the scenario wants, and an empty folder. Workers of nginx run as another user. */
    Site site(Scenario scenario) throws IOException {
        Path own = Files.createDirectory(folder.path().resolve("site" + sites++));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Site(
                own, Ports.free(), scenario, backends(scenario.backends()).addresses(), certificate);
    }

    private Backends backends(int count) throws IOException {
        Backends started = backends.get(count);
        if (started == null) {
            started = Backends.start(nginx, folder.path().resolve("backends" + count), count);
            backends.put(count, started);
        }
        return started;
    }

    @Override
    public void close() {
        backends.values().forEach(Backends::close);
        folder.close();
    }
}
