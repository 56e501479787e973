// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what is to be changed in heads. Of each setting the strongest source that gives anything wins. */
final class HeaderFields {

    private final Values values;
    private final Sources sources;
    private final Collection<Problem> problems;

    HeaderFields(Values values, Sources sources, Collection<Problem> problems) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
    }

    HeaderEdits ofRequests() {
        return new HeaderEdits(
                fields(ForwardingSettings.REQUEST_HEADERS_ADD),
                fields(ForwardingSettings.REQUEST_HEADERS_SET),
                values.list(ForwardingSettings.REQUEST_HEADERS_REMOVE));
    }

    HeaderEdits ofResponses() {
        return new HeaderEdits(
                fields(ForwardingSettings.RESPONSE_HEADERS_ADD),
                fields(ForwardingSettings.RESPONSE_HEADERS_SET),
                values.list(ForwardingSettings.RESPONSE_HEADERS_REMOVE));
    }

    /** Whether the largest head there may be still fits its buffer with what is put in. */
    void checkRoom(WaffleConfig config) {
        int ofRequests =
                config.listeners().stream().mapToInt(this::roomOfRequests).min().orElse(Integer.MAX_VALUE);
        int ofResponses = config.listeners().stream()
                .flatMapToInt(listener -> config.pools().stream()
                        .mapToInt(pool -> HeadRoom.ofResponses(listener.limits(), pool.sticky(), config.leniency())))
                .min()
                .orElse(Integer.MAX_VALUE);
        for (RouteConfig route : config.routes()) {
            ForwardingConfig forwarding = route.forwarding();
            checkRoom(forwarding.requestHeaders(), ofRequests, ForwardingSettings.REQUEST_HEADERS_ADD);
            checkRoom(forwarding.responseHeaders(), ofResponses, ForwardingSettings.RESPONSE_HEADERS_ADD);
        }
    }

    private int roomOfRequests(ListenerConfig listener) {
        boolean certificates =
                listener.tls().stream().flatMap(TlsConfig::allClients).anyMatch(ClientCertificatesConfig::forward);
        int room = HeadRoom.ofRequests(listener.limits(), certificates);
        if (certificates && room < 0) {
            problems.add(Problem.of(
                    values.origin(
                            values.given(TlsSettings.CLIENT_FORWARD)
                                    ? TlsSettings.CLIENT_FORWARD
                                    : TlsSettings.NAMES_FORWARD),
                    "true",
                    LimitSettings.HEAD.name() + " of at most "
                            + (listener.limits().head() + room)
                            + " with it, so that there is room for a certificate"));
        }
        return room;
    }

    private void checkRoom(HeaderEdits edits, int room, Setting<?> setting) {
        if (edits.length() > room) {
            problems.add(Problem.of(
                    values.origin(setting),
                    edits.length() + " bytes of fields",
                    "at most " + Math.max(0, room) + " with this " + LimitSettings.HEAD.name()));
        }
    }

    private Map<String, String> fields(Setting<String> setting) {
        List<List<RawValue>> all = new ArrayList<>(sources.typed(setting));
        sources.node(setting)
                .ifPresent(node -> all.add(node.words().entrySet().stream()
                        .map(word -> new RawValue(
                                word.getKey() + "=" + word.getValue().text(),
                                word.getValue().origin(),
                                word.getValue().folder()))
                        .toList()));
        List<Map<String, String>> read =
                all.stream().map(source -> fields(setting, source)).toList();
        return read.isEmpty() ? Map.of() : read.getFirst();
    }

    private Map<String, String> fields(Setting<String> setting, List<RawValue> source) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (RawValue given : source) {
            values.cameFrom(setting, given.origin());
            values.read(setting.form(), given).ifPresent(field -> {
                String name = field.substring(0, field.indexOf('='));
                if (fields.putIfAbsent(name, field.substring(name.length() + 1)) != null) {
                    problems.add(Problem.of(given.origin(), field, "each field once; " + name + " was given before"));
                }
            });
        }
        return fields;
    }
}
