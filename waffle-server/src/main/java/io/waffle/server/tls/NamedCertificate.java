// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A certificate whose names are known, and whose key is read when somebody asks for one of them. It is itself and no other: the same
 * object stands for the same files as long as they stay as they are, so that what was made of it can be kept.
 *
 * <p>Thread-safe.
 */
final class NamedCertificate {

    private final CertificateFiles files;
    private final CertificateFacts facts;

    /** Whether it was told that the key cannot be used: once is enough. */
    private final AtomicBoolean told = new AtomicBoolean();

    NamedCertificate(CertificateFiles files, CertificateFacts facts) {
        this.files = files;
        this.facts = facts;
    }

    /**
     * Reads what it is for, and whether it has its key. A key whose public half is not written in it is tried, which costs a signature, if the
     * caller can wait for that.
     */
    static NamedCertificate read(CertificateFiles files, Clock clock, Budget trials) throws TlsConfigException {
        PemFile pem = PemFile.read(files.certFile(), CertificatePem.EXPECTED);
        List<PemBlock> certificates = CertificatePem.blocks(pem);
        PemFile keyPem =
                files.keyFile().equals(files.certFile()) ? pem : PemFile.read(files.keyFile(), PrivateKeyPem.EXPECTED);
        byte[] key = PrivateKeyPem.encoded(keyPem);
        try {
            return new NamedCertificate(files, facts(files, certificates, key, clock, trials));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    /** How many keys may be tried at once. */
    static final class Budget {

        private int left;

        Budget(int trials) {
            left = trials;
        }

        synchronized boolean take() {
            left--;
            return left >= 0;
        }
    }

    /** Those of the first certificate that the key belongs to: files are often in the wrong order. */
    private static CertificateFacts facts(
            CertificateFiles files, List<PemBlock> certificates, byte[] key, Clock clock, Budget trials)
            throws TlsConfigException {
        Optional<CertificateFacts> untold = Optional.empty();
        for (PemBlock block : certificates) {
            CertificateFacts.Read read = read(block);
            Optional<Boolean> fits = fits(files, key, read);
            if (fits.orElse(false)) {
                return read.facts();
            }
            if (fits.isEmpty() && untold.isEmpty()) {
                untold = Optional.of(read.facts());
            }
        }
        if (untold.isPresent() && !trials.take()) {
            return untold.get();
        }
        return TlsIdentity.load(files.certFile(), files.keyFile(), clock).facts(); // or it says what is wrong
    }

    private static Optional<Boolean> fits(CertificateFiles files, byte[] key, CertificateFacts.Read read)
            throws TlsConfigException {
        try {
            return KeyAlgorithm.fits(key, read.publicKeyInfo());
        } catch (IllegalArgumentException e) {
            throw new TlsConfigException(
                    files.keyFile(), "the key is damaged: " + e.getMessage(), "an undamaged private key", e);
        }
    }

    private static CertificateFacts.Read read(PemBlock block) throws TlsConfigException {
        byte[] der = block.der();
        try {
            return CertificateFacts.read(der);
        } catch (IllegalArgumentException e) {
            throw new TlsConfigException(
                    block.file(),
                    block.describe() + " is not an X.509 certificate that can be used: " + e.getMessage(),
                    "an undamaged certificate",
                    e);
        }
    }

    /** The certificate with its chain and key, as the files are now. */
    TlsIdentity load() throws TlsConfigException {
        return TlsIdentity.load(files.certFile(), files.keyFile(), Clock.systemUTC());
    }

    String name() {
        return files.name();
    }

    Path file() {
        return files.certFile();
    }

    CertificateFiles files() {
        return files;
    }

    CertificateFacts facts() {
        return facts;
    }

    boolean isValid(Instant now) {
        return !now.isBefore(facts.from()) && !now.isAfter(facts.to());
    }

    /** True for the first who asks. */
    boolean tellOnce() {
        return told.compareAndSet(false, true);
    }
}
