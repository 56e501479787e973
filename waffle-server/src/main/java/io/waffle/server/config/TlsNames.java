// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.ClientCertificatesConfig.Mode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what is asked of clients by the name they ask for. What a name does not say is as its listener has it; a listener's names take the place of the top's. */
final class TlsNames {

    private static final String SECTIONS = "tls.names";

    private static final String MODE = "client_certificates.mode";
    private static final String CA = "client_certificates.ca_file";
    private static final String CRL = "client_certificates.crl_file";
    private static final String FORWARD = "client_certificates.forward";

    private final Values values;
    private final Collection<Problem> problems;
    private final Map<String, FileNode> sections;
    private final Map<String, Origin> places = new LinkedHashMap<>();

    TlsNames(Values values, Sources sources, Collection<Problem> problems) {
        this.values = values;
        this.problems = problems;
        this.sections = sources.place(SECTIONS).map(FileNode::sections).orElse(Map.of());
    }

    /** By name or wildcard, as they are compared. */
    Map<String, ClientCertificatesConfig> read(ClientCertificatesConfig listener) {
        Map<String, ClientCertificatesConfig> names = new LinkedHashMap<>();
        sections.forEach((text, at) -> {
            try {
                String name = ServerNamePatterns.parse(text);
                if (names.putIfAbsent(name, read(at, listener)) != null) {
                    problems.add(Problem.of(at.origin(), text, "each name once; " + name + " was given before"));
                }
            } catch (InvalidValue e) {
                // said when the keys of the file were looked at
            }
        });
        return names;
    }

    /** Where the files are named, by their paths. */
    Map<String, Origin> places() {
        return places;
    }

    private ClientCertificatesConfig read(FileNode at, ClientCertificatesConfig listener) {
        Optional<Mode> own = values.at(at, MODE, TlsSettings.NAMES_MODE);
        Mode mode = own.orElse(listener.mode());
        Optional<Path> ca = file(at, CA, TlsSettings.NAMES_CA).or(listener::caFile);
        Optional<Path> crl = file(at, CRL, TlsSettings.NAMES_CRL).or(listener::crlFile);
        boolean forward = values.at(at, FORWARD, TlsSettings.NAMES_FORWARD).orElse(listener.forward());
        if (mode != Mode.OFF && ca.isEmpty() && at.find(CA).isEmpty()) {
            problems.add(Problem.of(
                    at.find(MODE).orElse(at).origin(),
                    LoggingConfig.written(mode),
                    "ca_file with it, or " + TlsSettings.CLIENT_CA.name()
                            + ", for the authorities that vouch for clients"));
        }
        if (mode == Mode.OFF
                && own.isEmpty()
                && at.find("client_certificates").isPresent()
                && at.find(MODE).isEmpty()) {
            problems.add(Problem.of(
                    at.origin(), "no mode", "client_certificates.mode with it, since the listener asks nobody"));
        }
        return new ClientCertificatesConfig(mode, ca, crl, forward);
    }

    private Optional<Path> file(FileNode at, String key, Setting<Path> setting) {
        Optional<Path> path = values.at(at, key, setting);
        path.ifPresent(file -> {
            Origin origin = at.find(key).orElse(at).origin();
            places.putIfAbsent(file.toString(), origin);
            FileChecks.unreadable(file)
                    .ifPresent(reason ->
                            problems.add(Problem.of(origin, file.toString(), "a file that can be read; " + reason)));
        });
        return path;
    }
}
