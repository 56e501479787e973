// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files of a folder belong together: {@code NAME.pem} with its key in {@code NAME.key} or in itself, {@code NAME.crt} and
 * {@code NAME.key}, and {@code NAME/tls.crt} and {@code NAME/tls.key} as Kubernetes mounts them. What begins with a dot is passed over: Kubernetes keeps
 * versions there, editors their drafts.
 *
 * @param name what it is called, by which the default is found
 * @param stamp how both were: other contents have another one
 */
record CertificateFiles(String name, Path certFile, Path keyFile, String stamp) {

    private static final String PEM = ".pem";
    private static final String CRT = ".crt";
    private static final String KEY = ".key";
    private static final Path KUBERNETES_CERTIFICATE = Path.of("tls.crt");
    private static final Path KUBERNETES_KEY = Path.of("tls.key");

    /** What a folder has, in the order of names, the folders in it, and what is odd about it. */
    record Listing(List<CertificateFiles> pairs, List<Path> folders, List<String> warnings) {}

    /** Lists a folder; reads nothing. */
    static Listing list(Path folder) throws TlsConfigException {
        List<CertificateFiles> pairs = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        List<Path> all = children(folder);
        Set<Path> files = new HashSet<>(all);
        for (Path file : all) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(PEM) || name.endsWith(CRT)) {
                String base = name.substring(0, name.length() - PEM.length());
                Path key = folder.resolve(base + KEY);
                pairs.add(of(base, file, files.contains(key) || name.endsWith(CRT) ? key : file));
            } else if (name.endsWith(KEY)) {
                String base = name.substring(0, name.length() - KEY.length());
                if (!files.contains(folder.resolve(base + CRT)) && !files.contains(folder.resolve(base + PEM))) {
                    warnings.add(file + ": a key without a certificate (expected: " + base + CRT + " or " + base + PEM
                            + " beside it)");
                }
            } else if (Files.isDirectory(file)) {
                folders.add(file);
                Path certificate = file.resolve(KUBERNETES_CERTIFICATE);
                if (Files.exists(certificate)) {
                    pairs.add(of(name, certificate, file.resolve(KUBERNETES_KEY)));
                }
            }
        }
        return new Listing(pairs, folders, warnings);
    }

    private static List<Path> children(Path folder) throws TlsConfigException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(child -> !String.valueOf(child.getFileName()).startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new TlsConfigException(
                    TlsConfigException.Part.CERTIFICATES,
                    folder + ": cannot be listed (expected: a folder with certificates)");
        }
    }

    /** Those two, as they are now. */
    static CertificateFiles of(String name, Path certFile, Path keyFile) {
        String stamp = stamp(certFile);
        return new CertificateFiles(
                name, certFile, keyFile, keyFile.equals(certFile) ? stamp : stamp + " " + stamp(keyFile));
    }

    /** Time alone would not do: a file can be replaced twice within a tick, and be set back. */
    private static String stamp(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.fileKey() + " " + now.size() + " "
                    + now.lastModifiedTime().toMillis();
        } catch (IOException e) {
            return "none";
        }
    }
}
