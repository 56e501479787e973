// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tarball as a file: what is in it, how big it is, and that the same inputs give the same bytes. */
class ArchiveIT {
    private static final long MOST_BYTES = 60_000_000;

    @Test
    void isSmall() throws IOException {
        assertTrue(
                Files.size(Archive.file()) <= MOST_BYTES, () -> Archive.file() + " is over " + MOST_BYTES + " bytes");
    }

    @Test
    void nameSaysThePlatform() {
        assertTrue(Archive.file()
                .getFileName()
                .toString()
                .matches("waffle-[0-9.]+-(linux|macos)-(x86_64|aarch64)\\.tar\\.gz"));
    }

    @Test
    void sameInputsGiveTheSameBytes() throws IOException {
        assertEquals(-1, Files.mismatch(Archive.file(), Archive.again()));
    }

    /** The runtime is the one part that a tool other than Maven makes. */
    @Test
    void runtimeLinkedAgainIsTheSame(@TempDir Path temporary) throws IOException, InterruptedException {
        RuntimeImage again =
                new RuntimeImage(System.getProperty("waffle.runtime.modules"), temporary.resolve("runtime"));
        again.build();
        Path shipped = WaffleProcess.home().resolve("runtime");
        for (Path file : FileTrees.all(again.folder()).stream()
                .filter(Files::isRegularFile)
                .toList()) {
            Path other = shipped.resolve(again.folder().relativize(file).toString());
            assertEquals(-1, Files.mismatch(file, other), other::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bin/waffle",
                "lib",
                "plugins/README.md",
                "conf/waffle.yaml",
                "docs/configuration.md",
                "docs/writing-a-strategy.md",
                "share/man/man1/waffle.1",
                "runtime/bin/java",
                "runtime/lib/waffle.aot",
                "runtime/legal/java.base/LICENSE",
                "licences/THIRD-PARTY.txt",
                "sbom.json",
                "LICENSE",
                "NOTICE",
                "README.md"
            })
    void holds(String path, @TempDir Path temporary) throws IOException, InterruptedException {
        assertTrue(Files.exists(Archive.unpackInto(temporary).resolve(path)), path);
    }

    @Test
    void everyLibraryIsInTheListOfLicences() throws IOException {
        String list = Files.readString(WaffleProcess.home().resolve("licences/THIRD-PARTY.txt"));
        try (Stream<Path> lib = Files.list(WaffleProcess.home().resolve("lib"))) {
            List<String> jars = lib.map(jar -> jar.getFileName().toString())
                    .filter(name -> !name.startsWith("waffle-"))
                    .toList();
            assertFalse(jars.isEmpty());
            for (String jar : jars) {
                assertTrue(list.contains(jar + "  "), jar);
            }
        }
    }

    @Test
    void sbomSaysNothingOfWhenItWasMade() throws IOException {
        String sbom = Files.readString(WaffleProcess.home().resolve("sbom.json"));
        assertFalse(sbom.contains("serialNumber"));
        assertFalse(sbom.contains("\"timestamp\""));
        assertTrue(sbom.contains("helidon-webserver"));
    }
}
