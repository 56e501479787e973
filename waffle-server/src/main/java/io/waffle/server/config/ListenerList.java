// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import io.waffle.server.config.Setting.Scope;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads the listeners: the one of {@code listen}, which is there if nothing else is, and those with a section. */
final class ListenerList {

    private static final String SECTIONS = "listeners";

    private final Values values;
    private final Sources sources;
    private final Collection<Problem> problems;
    private final AccessLists lists;

    ListenerList(Values values, Sources sources, Collection<Problem> problems, AccessLists lists) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
        this.lists = lists;
    }

    /** By name, in their order, without the wrong ones; the default first. */
    Map<String, ListenerReader.Read> read() {
        Map<String, FileNode> sections = sources.file()
                .flatMap(file -> file.find(SECTIONS))
                .map(FileNode::sections)
                .orElse(Map.of());
        Map<String, ListenerReader.Read> listeners = new LinkedHashMap<>();
        ListenAddress listen = values.get(ListenerSettings.LISTEN);
        if (sections.isEmpty() || values.given(ListenerSettings.LISTEN)) {
            listeners.put(
                    WaffleConfig.DEFAULT,
                    new ListenerReader(values, sources, problems)
                            .read(WaffleConfig.DEFAULT, listen, false, ListenerConfig.OWNER, AccessConfig.EVERYBODY));
        }
        sections.forEach((name, node) -> read(name, node).ifPresent(read -> {
            if (listeners.putIfAbsent(name, read) != null) {
                problems.add(Problem.of(
                        node.origin(),
                        name,
                        "another name: that one is the listener of " + ListenerSettings.LISTEN.name()));
            }
        }));
        refuseTwins(listeners, sections);
        return listeners;
    }

    private Optional<ListenerReader.Read> read(String name, FileNode node) {
        Sources section = sources.within(node, Scope.LISTENER);
        Values own = values.within(section);
        Optional<ListenAddress> address = own.at(node, "address", ListenerSettings.ADDRESS);
        boolean redirects = own.at(node, "redirect", ListenerSettings.REDIRECT).isPresent();
        if (address.isEmpty() && node.find("address").isEmpty()) {
            problems.add(Problem.of(node.origin(), "no address", "a listener with the key address, such as :8080"));
        }
        Optional<Integer> mode = own.at(node, "mode", ListenerSettings.MODE);
        if (mode.isPresent() && address.isPresent() && address.get().path().isEmpty()) {
            problems.add(Problem.of(
                    node.find("mode").orElseThrow().origin(),
                    address.get().text(),
                    "unix:/PATH as the address of a listener with a mode"));
        }
        AccessConfig access = node.find("access").map(at -> lists.read(at, own)).orElse(AccessConfig.EVERYBODY);
        return address.map(at -> new ListenerReader(own, section, problems)
                .read(name, at, redirects, mode.orElse(ListenerConfig.OWNER), access));
    }

    /** Two listeners at one address: known before the second of them cannot be had. */
    private void refuseTwins(Map<String, ListenerReader.Read> listeners, Map<String, FileNode> sections) {
        Map<ListenAddress, String> seen = new HashMap<>();
        listeners.forEach((name, read) -> {
            ListenAddress address = read.config().address();
            String other = address.port() == 0 ? null : seen.putIfAbsent(address, name);
            FileNode node = sections.get(name);
            if (other != null && node != null) {
                problems.add(Problem.of(
                        node.origin(), address.text(), "another address than that of the listener " + other));
            }
        });
    }
}
