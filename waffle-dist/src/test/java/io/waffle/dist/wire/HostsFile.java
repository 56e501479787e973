// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import io.waffle.dist.WaffleProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A name whose addresses change: those of a hosts file of the test's own. */
final class HostsFile {

    static final String NAME = "app.waffle.test";

    private static final int MOST_TRIES = 100;

    private final Path file;

    HostsFile(Path folder) {
        file = folder.resolve("hosts");
    }

    /** From now on. */
    void resolvesTo(String... addresses) throws IOException {
        StringBuilder lines = new StringBuilder("127.0.0.1 localhost\n");
        for (String address : addresses) {
            lines.append(address).append(' ').append(NAME).append('\n');
        }
        Path next = file.resolveSibling("next");
        Files.writeString(next, lines);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Starts a Waffle that looks names up there, in front of the name at this port. */
    WaffleProcess start(int port, String... arguments) {
        List<String> all = new ArrayList<>(List.of("-backends", "http://" + NAME + ":" + port));
        all.addAll(List.of(arguments));
        return WaffleProcess.start(
                Map.of("WAFFLE_JAVA_OPTS", "-Djdk.net.hosts.file=" + file), all.toArray(String[]::new));
    }

    /** Who serves some requests: so many that none of two is left out by chance, also where others send some in between. */
    static String served(RawClient client) {
        return Stream.generate(() -> client.exchangeGet("/").text())
                .limit(40)
                .distinct()
                .sorted()
                .collect(Collectors.joining(" "));
    }

    /** Backends at these addresses, which say so, all at one port: one that nobody has at any of them. */
    static List<ScriptedBackend> answering(String... addresses) {
        List<ScriptedBackend> started = new ArrayList<>();
        for (int tries = 1; started.size() < addresses.length; tries++) {
            String address = addresses[started.size()];
            int port = started.isEmpty() ? 0 : started.getFirst().port();
            try {
                started.add(ScriptedBackend.start(address, port));
            } catch (UncheckedIOException e) {
                started.forEach(ScriptedBackend::close);
                started.clear();
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
        for (int i = 0; i < addresses.length; i++) {
            String address = addresses[i];
            started.get(i).on(request -> {
                request.readBody();
                request.connection().answer(200, address);
            });
        }
        return started;
    }
}
