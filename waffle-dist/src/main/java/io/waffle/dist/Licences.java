// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What we owe the authors of the libraries that ship: a list of them with their licences, taken from the SBOM, and the licence and notice
 * texts their jars hold. The runtime's own are in {@code runtime/legal}.
 */
final class Licences {
    private static final String HEADING = """
            Libraries in lib/ and their licences. The text of the Apache License 2.0 is in ../LICENSE, other texts and notices beside this
            file, the licences of the Java runtime in ../runtime/legal.

            """;

    private final List<Path> jars;
    private final Path sbom;

    Licences(List<Path> jars, Path sbom) {
        this.jars = jars;
        this.sbom = sbom;
    }

    void writeTo(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("THIRD-PARTY.txt"), list());
        Set<String> seen = new HashSet<>();
        for (Path jar : jars) {
            copyTexts(jar, folder, seen);
        }
    }

    private String list() throws IOException {
        Map<String, Element> components = components();
        List<String> lines = new ArrayList<>();
        for (Path jar : jars) {
            String file = jar.getFileName().toString();
            Element component = components.get(file);
            if (component == null) {
                throw new IOException(file + ": ships, but is not in " + sbom);
            }
            if (!text(component, "group").equals("io.waffle")) {
                lines.add(file + "  " + text(component, "group") + "  " + licence(component));
            }
        }
        return HEADING + String.join("\n", lines) + "\n";
    }

    /** The libraries in the SBOM by the file names of their jars. */
    private Map<String, Element> components() throws IOException {
        Element root = parse().getDocumentElement();
        Map<String, Element> components = new TreeMap<>();
        for (Element component : elements(root, "component")) {
            if (component.getParentNode().getParentNode() == root) {
                components.put(text(component, "name") + "-" + text(component, "version") + ".jar", component);
            }
        }
        return components;
    }

    private static String licence(Element component) throws IOException {
        for (Element licence : elements(component, "license")) {
            String id = text(licence, "id");
            return id.isEmpty() ? text(licence, "name") : id;
        }
        throw new IOException(text(component, "name") + ": the SBOM names no licence");
    }

    private Document parse() throws IOException {
        try {
            return DocumentBuilderFactory.newDefaultInstance()
                    .newDocumentBuilder()
                    .parse(sbom.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(sbom + ": " + e.getMessage(), e);
        }
    }

    /** A text that an earlier jar held too, letter for letter, is not repeated: a library of many jars has one notice. */
    private static void copyTexts(Path jar, Path folder, Set<String> seen) throws IOException {
        String library = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().filter(Licences::isPaper).toList()) {
                String text = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                if (seen.add(text)) {
                    Path own = Files.createDirectories(folder.resolve(library));
                    Files.writeString(own.resolve(entry.getName().substring("META-INF/".length())), text);
                }
            }
        }
    }

    private static boolean isPaper(JarEntry entry) {
        return entry.getName().toUpperCase(Locale.ROOT).matches("META-INF/(LICEN[CS]E|NOTICE)[^/]*");
    }

    private static String text(Element element, String child) {
        List<Element> found = elements(element, child);
        return found.isEmpty() ? "" : found.getFirst().getTextContent().strip();
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList nodes = parent.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(nodes::item)
                .map(Element.class::cast)
                .toList();
    }
}
