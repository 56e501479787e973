// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Reads what several kinds of sections have, from one of them or from the top. */
class SectionReader {

    final Values values;
    final Sources sources;
    final Collection<Problem> problems;

    SectionReader(Values values, Sources sources, Collection<Problem> problems) {
        this.values = values;
        this.sources = sources;
        this.problems = problems;
    }

    ForwardingConfig forwarding() {
        HeaderFields headers = new HeaderFields(values, sources, problems);
        return new ForwardingConfig(
                values.get(ForwardingSettings.PRESERVE_HOST),
                CidrSet.of(values.list(ForwardingSettings.TRUSTED_PROXIES)),
                values.get(ForwardingSettings.ALLOW_TRACE),
                values.get(ForwardingSettings.UNDERSCORES),
                values.get(ForwardingSettings.RAW_TARGETS),
                values.get(ForwardingSettings.FORWARDED),
                values.get(ForwardingSettings.VIA),
                values.get(ForwardingSettings.LENIENCY),
                headers.ofRequests(),
                headers.ofResponses());
    }

    ProxyProtocolConfig proxyProtocol() {
        return new ProxyProtocolConfig(
                CidrSet.of(values.list(ProxyProtocolSettings.FROM)), values.get(ProxyProtocolSettings.SEND));
    }

    LimitsConfig limits() {
        LimitsConfig limits = new LimitsConfig(
                Math.toIntExact(values.get(LimitSettings.REQUEST_LINE)),
                Math.toIntExact(values.get(LimitSettings.HEAD)),
                values.get(LimitSettings.FIELDS),
                values.get(LimitSettings.REQUEST_BODY),
                values.get(LimitSettings.CONNECTIONS),
                values.get(LimitSettings.BACKEND_IN_FLIGHT),
                values.get(LimitSettings.QUEUE),
                values.get(LimitSettings.IDLE),
                Math.toIntExact(values.find(LimitSettings.TRAILERS).orElse(values.get(LimitSettings.HEAD))),
                values.get(LimitSettings.MEMORY),
                values.get(LimitSettings.MIN_HEAD_RATE),
                values.get(LimitSettings.MIN_BODY_RATE),
                values.get(AccessSettings.CLIENT_IN_FLIGHT),
                values.get(AccessSettings.CLIENT_CONNECTIONS));
        if (limits.requestLine() > limits.head()) {
            refuseOrder(
                    LimitSettings.REQUEST_LINE,
                    LimitSettings.HEAD,
                    "a request line of " + limits.requestLine() + " bytes in a head of " + limits.head());
        }
        return limits;
    }

    TimeoutsConfig timeouts() {
        return new TimeoutsConfig(
                values.get(TimeoutSettings.TLS_HANDSHAKE),
                values.get(TimeoutSettings.REQUEST_HEAD),
                values.get(TimeoutSettings.KEEP_ALIVE),
                values.get(TimeoutSettings.REQUEST),
                values.get(TimeoutSettings.BODY),
                values.get(TimeoutSettings.CONNECT),
                values.get(TimeoutSettings.QUEUE),
                values.get(TimeoutSettings.FIRST_BYTE),
                values.get(TimeoutSettings.BACKEND_KEEP_ALIVE),
                values.get(TimeoutSettings.BACKEND_LIFETIME),
                values.get(TimeoutSettings.TUNNEL),
                values.get(TimeoutSettings.DRAIN),
                responseIdle(),
                values.get(TimeoutSettings.TUNNEL_FIN),
                values.get(TimeoutSettings.ATTEMPT),
                values.get(TimeoutSettings.RESPONSE));
    }

    /** A response is a body, as long as nothing else is said of it. */
    private Duration responseIdle() {
        Duration own = values.get(TimeoutSettings.RESPONSE_IDLE);
        return own.isZero() ? values.get(TimeoutSettings.BODY) : own;
    }

    RetryConfig retry() {
        return new RetryConfig(
                values.get(RetrySettings.ATTEMPTS),
                Set.copyOf(values.list(RetrySettings.STATUSES)),
                values.get(RetrySettings.NON_IDEMPOTENT),
                values.get(RetrySettings.BUDGET),
                values.get(RetrySettings.ON_TIMEOUT),
                replay(),
                values.get(RetrySettings.REUSE));
    }

    /** Who only lowers the bound to the whole need not think of that to its part. */
    ReplayConfig replay() {
        long most = values.get(RetrySettings.BODY);
        long memory = values.get(RetrySettings.BODY_MEMORY);
        if (memory > most && values.given(RetrySettings.BODY_MEMORY)) {
            refuseOrder(RetrySettings.BODY_MEMORY, RetrySettings.BODY, memory + " bytes of at most " + most);
        }
        Optional<Path> folder = values.find(RetrySettings.BODY_FOLDER);
        folder.flatMap(FileChecks::noFolderToWrite)
                .ifPresent(reason ->
                        refuse(RetrySettings.BODY_FOLDER, folder, "a folder that can be written to; " + reason));
        return new ReplayConfig(most, Math.min(memory, most), folder);
    }

    /** A part is more than its whole: the fault of the part if that was given, else of the whole. */
    void refuseOrder(Setting<?> part, Setting<?> whole, String actual) {
        Setting<?> culprit = values.given(part) ? part : whole;
        problems.add(Problem.of(values.origin(culprit), actual, part.name() + " of at most " + whole.name()));
    }

    void refuse(Setting<Path> setting, Optional<Path> path, String expected) {
        problems.add(Problem.of(values.origin(setting), path.map(Path::toString).orElse(""), expected));
    }
}
