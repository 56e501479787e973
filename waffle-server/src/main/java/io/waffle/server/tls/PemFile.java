// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The blocks of one PEM file (RFC 7468), in file order. Text outside blocks is skipped: certificate bundles are full of comments, and
 * people keep certificate and key in one file.
 */
final class PemFile {

    /** The certificates of a whole operating system take 250 KiB; a device such as /dev/zero must not take all memory. */
    private static final int MAX_BYTES = 8 << 20;

    private static final int DER_SEQUENCE = 0x30;
    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private final Path path;
    private final List<PemBlock> blocks;

    private PemFile(Path path, List<PemBlock> blocks) {
        this.path = path;
        this.blocks = List.copyOf(blocks);
    }

    /**
     * Reads it whole.
     *
     * @param expected what the file should hold, for messages
     */
    static PemFile read(Path path, String expected) throws TlsConfigException {
        byte[] bytes = bytes(path, expected);
        if (bytes.length > 0 && bytes[0] == DER_SEQUENCE) {
            throw new TlsConfigException(path, "binary (DER or PKCS#12) data, not PEM text", expected);
        }
        return new PemFile(path, parse(path, new String(bytes, StandardCharsets.ISO_8859_1)));
    }

    Path path() {
        return path;
    }

    List<PemBlock> blocks() {
        return blocks;
    }

    /** What the file holds instead of what was looked for. */
    String contents() {
        return blocks.isEmpty()
                ? "no PEM block at all"
                : "only " + blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "));
    }

    private static byte[] bytes(Path path, String expected) throws TlsConfigException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new TlsConfigException(path, "more than " + (MAX_BYTES >> 20) + " MiB", expected);
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw new TlsConfigException(path, "no such file", expected, e);
        } catch (AccessDeniedException e) {
            throw new TlsConfigException(path, "no permission to read it", expected, e);
        } catch (IOException e) {
            boolean folder = Files.isDirectory(path);
            throw new TlsConfigException(
                    path, folder ? "is a directory" : "cannot be read: " + e.getMessage(), expected, e);
        }
    }

    private static List<PemBlock> parse(Path path, String text) throws TlsConfigException {
        List<String> lines = text.lines().map(String::strip).toList();
        List<PemBlock> blocks = new ArrayList<>();
        for (int at = 0; at < lines.size(); at++) {
            String line = lines.get(at);
            if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
                String label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                int end = lines.subList(at, lines.size()).indexOf(END + label + DASHES);
                if (end < 0) {
                    throw new TlsConfigException(
                            path, "the " + label + " block at line " + (at + 1) + " has no end", END + label + DASHES);
                }
                blocks.add(block(path, at, label, lines.subList(at + 1, at + end)));
                at += end;
            }
        }
        return blocks;
    }

    /** Only headers, as in {@code Proc-Type: 4,ENCRYPTED}, have a colon. Without streams: there may be ten thousand files. */
    private static PemBlock block(Path path, int at, String label, List<String> body) {
        boolean encrypted = label.startsWith("ENCRYPTED ");
        StringBuilder base64 = new StringBuilder();
        for (String line : body) {
            if (line.indexOf(':') < 0) {
                base64.append(line);
            } else {
                encrypted |= line.startsWith("Proc-Type:") && line.contains("ENCRYPTED");
            }
        }
        return new PemBlock(path, at + 1, label, encrypted, base64.toString());
    }
}
