// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The certificates of a folder: their names, and which files are of no use and why. One broken file is no reason not to serve the others.
 *
 * <p>What was read of files that have not changed since is not read again, whoever asks: a check, a start, a reload. The memory of it is soft, and
 * what is in use stays by that.
 *
 * @param certificates in the order of their names
 * @param warnings one line each
 */
record CertificateFolder(List<NamedCertificate> certificates, List<String> warnings) {

    /** So many keys that do not tell their public half are tried when a folder is read: a signature each, a fifth of a second in all. */
    private static final int TRIALS = 200;

    private static final Map<Path, SoftReference<NamedCertificate>> READ = new ConcurrentHashMap<>();

    /** From here on it pays to read on several cores. */
    private static final int MANY = 500;

    /** What became of one: a certificate, or a reason why it is none. */
    private record Outcome(Optional<NamedCertificate> certificate, String fault) {}

    /** Reads what has changed. */
    static CertificateFolder read(Path folder, Clock clock) throws TlsConfigException {
        CertificateFiles.Listing listing = CertificateFiles.list(folder);
        NamedCertificate.Budget trials = new NamedCertificate.Budget(TRIALS);
        Stream<CertificateFiles> pairs =
                listing.pairs().size() > MANY ? listing.pairs().parallelStream() : listing.pairs().stream();
        List<Outcome> outcomes =
                pairs.map(files -> outcome(files, clock, trials)).toList();
        List<NamedCertificate> certificates = outcomes.stream()
                .flatMap(outcome -> outcome.certificate().stream())
                .toList();
        List<String> warnings = new ArrayList<>(listing.warnings());
        outcomes.stream().map(Outcome::fault).filter(fault -> !fault.isEmpty()).forEach(warnings::add);
        READ.values().removeIf(known -> known.get() == null);
        if (certificates.isEmpty()) {
            throw new TlsConfigException(
                    TlsConfigException.Part.CERTIFICATES,
                    folder + ": no certificate that can be used"
                            + warnings.stream()
                                    .findFirst()
                                    .map(first -> ": " + first)
                                    .orElse("")
                            + " (expected: NAME.pem, NAME.crt with NAME.key, or NAME/tls.crt with NAME/tls.key)");
        }
        certificates.forEach(certificate -> dates(certificate, clock.instant(), warnings));
        return new CertificateFolder(certificates, warnings);
    }

    /** The files whose change is a change of the folder's certificates: also the folders, which change with what comes and goes. */
    static Stream<Path> files(Path folder) {
        try {
            CertificateFiles.Listing listing = CertificateFiles.list(folder);
            return Stream.of(
                            Stream.of(folder),
                            listing.folders().stream(),
                            listing.pairs().stream().flatMap(files -> Stream.of(files.certFile(), files.keyFile())))
                    .flatMap(files -> files);
        } catch (TlsConfigException e) {
            return Stream.of(folder);
        }
    }

    private static Outcome outcome(CertificateFiles files, Clock clock, NamedCertificate.Budget trials) {
        try {
            return new Outcome(Optional.of(read(files, clock, trials)), "");
        } catch (TlsConfigException e) {
            return new Outcome(Optional.empty(), e.getMessage() + "; it is left out");
        }
    }

    private static NamedCertificate read(CertificateFiles files, Clock clock, NamedCertificate.Budget trials)
            throws TlsConfigException {
        Optional<NamedCertificate> known = Optional.ofNullable(READ.get(files.certFile()))
                .map(SoftReference::get)
                .filter(certificate -> certificate.files().equals(files));
        if (known.isPresent()) {
            return known.get();
        }
        NamedCertificate read = NamedCertificate.read(files, clock, trials);
        READ.put(files.certFile(), new SoftReference<>(read));
        return read;
    }

    private static void dates(NamedCertificate certificate, Instant now, List<String> warnings) {
        CertificateFacts facts = certificate.facts();
        String whose = certificate.file() + ": the certificate"
                + facts.names().stream().findFirst().map(name -> " of " + name).orElse("");
        if (now.isAfter(facts.to())) {
            warnings.add(whose + " expired at " + facts.to());
        } else if (now.isBefore(facts.from())) {
            warnings.add(whose + " is not valid before " + facts.from());
        }
    }
}
