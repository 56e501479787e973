// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.ForwardingConfig;
import io.waffle.server.config.ForwardingConfig.RawTargets;
import io.waffle.server.config.ForwardingConfig.Underscores;
import io.waffle.server.config.HeaderEdits;
import io.waffle.server.config.LimitsConfig;
import io.waffle.server.config.StickyConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.http.FieldEdits;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.KnownField;
import io.waffle.server.http.RequestRules;
import io.waffle.server.http.TrailerRules;

/**
 * What a configuration says of heads and bodies on the wire, made into what their readers and writers go by: once, not for each exchange.
 *
 * @param forwarding where it says whom to trust
 * @param secure whether clients come over TLS
 * @param keepsCacheable whether a response for shared caches stays one if it sets a cookie
 */
record WireRules(
        HeadLimits limits,
        RequestRules requests,
        TrailerRules requestTrailers,
        TrailerRules responseTrailers,
        FieldEdits requestEdits,
        FieldEdits responseEdits,
        ForwardingConfig forwarding,
        boolean secure,
        boolean keepsCacheable) {

    static WireRules of(WaffleConfig config) {
        ForwardingConfig forwarding = config.forwarding();
        LimitsConfig limits = config.limits();
        FieldEdits requestEdits = edits(forwarding.requestHeaders());
        return new WireRules(
                new HeadLimits(limits.requestLine(), limits.head(), limits.fields()),
                new RequestRules(
                        forwarding.allowTrace(),
                        forwarding.underscores() == Underscores.REFUSE,
                        forwarding.rawTargets() == RawTargets.ENCODE),
                new TrailerRules(
                        limits.trailers(), limits.fields(), true, forwarding.underscores() == Underscores.PASS),
                new TrailerRules(limits.trailers(), limits.fields(), false, true),
                forwarding.via() ? requestEdits : requestEdits.without(KnownField.VIA),
                edits(forwarding.responseHeaders()),
                forwarding,
                config.tls().isPresent(),
                config.sticky().cacheable() == StickyConfig.Cacheable.KEEP);
    }

    private static FieldEdits edits(HeaderEdits edits) {
        return FieldEdits.of(edits.add(), edits.set(), edits.remove());
    }
}
