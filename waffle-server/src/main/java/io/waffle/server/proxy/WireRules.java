// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.AccessConfig;
import io.waffle.server.config.ForwardingConfig;
import io.waffle.server.config.ForwardingConfig.RawTargets;
import io.waffle.server.config.ForwardingConfig.Underscores;
import io.waffle.server.config.LimitsConfig;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestRules;
import io.waffle.server.http.TrailerRules;
import io.waffle.server.tls.ClientPolicies;
import io.waffle.server.tls.ServerTls;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration of a listener says of heads and bodies on the wire, made into what their readers and writers go by: once, not for each
 * exchange.
 *
 * @param forwarding where it says whom to trust
 * @param secure whether clients come over TLS
 * @param listener the number by which routes know it
 * @param redirectsToHttps whether it serves nothing itself
 * @param timed whether anybody asks when a request began
 * @param access whom the listener serves; null for everybody
 * @param clients what clients are asked for by the hosts they want something of; null if nobody is asked
 */
record WireRules(
        HeadLimits limits,
        RequestRules requests,
        TrailerRules requestTrailers,
        TrailerRules responseTrailers,
        ForwardingConfig forwarding,
        boolean leniency,
        boolean secure,
        int minHeadRate,
        int listener,
        boolean redirectsToHttps,
        boolean timed,
        @Nullable AccessConfig access,
        @Nullable ClientPolicies clients) {

    /** @param listener the number by which routes know it */
    static WireRules of(Frontend frontend, boolean leniency, int listener, boolean timed) {
        ForwardingConfig forwarding = frontend.config().forwarding();
        LimitsConfig limits = frontend.config().limits();
        AccessConfig access = frontend.config().access();
        return new WireRules(
                new HeadLimits(limits.requestLine(), limits.head(), limits.fields()),
                new RequestRules(
                        forwarding.allowTrace(),
                        forwarding.underscores() == Underscores.REFUSE,
                        forwarding.rawTargets() == RawTargets.ENCODE),
                new TrailerRules(
                        limits.trailers(), limits.fields(), true, forwarding.underscores() == Underscores.PASS),
                new TrailerRules(limits.trailers(), limits.fields(), false, true),
                forwarding,
                leniency,
                frontend.tls().isPresent(),
                limits.minHeadRate(),
                listener,
                frontend.config().redirectsToHttps(),
                timed,
                access.equals(AccessConfig.EVERYBODY) ? null : access,
                frontend.tls()
                        .map(ServerTls::clients)
                        .filter(ClientPolicies::ask)
                        .orElse(null));
    }
}
