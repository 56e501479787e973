// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The configurations that tests share. */
enum Setup {
    /** One backend and every default. */
    DEFAULT {
        @Override
        Site open() {
            return Site.open(1);
        }
    },
    /** Three backends, round robin. */
    THREE {
        @Override
        Site open() {
            return Site.open(3);
        }
    },
    /** A backend with a path prefix, that is sent its own name as Host. */
    PREFIXED {
        @Override
        Site open() {
            return Site.openPrefixed("/base/", "-preserve-host=false");
        }
    },
    /** Deadlines short enough to wait for. */
    IMPATIENT {
        @Override
        Site open() {
            return Site.open(1, Options.IMPATIENT);
        }
    },
    /** Small limits. */
    SMALL {
        @Override
        Site open() {
            return Site.open(1, Options.SMALL);
        }
    },
    /** Clients at 127.0.0.1 to 127.0.0.3 are proxies whose word is believed. */
    TRUSTING {
        @Override
        Site open() {
            return Site.open(1, "-trusted-proxies", "127.0.0.0/30");
        }
    },
    /** A TLS listener with an RSA certificate and its chain. */
    TLS {
        @Override
        Site open() {
            try {
                Path folder = Files.createTempDirectory("waffle-tls");
                Path certificate = TestCertificates.shared().rsa().write(folder, "server");
                Path key = folder.resolve("server.key");
                Site site = Site.open(1, "-tls-cert", certificate.toString(), "-tls-key", key.toString());
                Files.delete(certificate);
                Files.delete(key);
                Files.delete(folder);
                return site;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    abstract Site open();
}
