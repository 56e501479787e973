// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import java.util.List;

/**
 * The names, besides {@code Forwarded} and {@code X-Forwarded-*}, by which proxies tell backends who the client is: its address, its scheme, its
 * certificate. From a stranger they are claims and end here; what a trusted proxy says passes. Each has its reason in docs/wire-behaviours.md, which
 * a test holds against these lists.
 */
final class ClientClaims {

    /** Whole names. */
    static final List<String> NAMES = List.of(
            "x-real-ip",
            "true-client-ip",
            "client-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-original-forwarded-for",
            "x-originating-ip",
            "x-remote-ip",
            "x-remote-addr",
            "proxy-client-ip",
            "wl-proxy-client-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "cf-pseudo-ipv4",
            "cf-visitor",
            "fastly-client-ip",
            "fly-client-ip",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-appengine-user-ip",
            "x-envoy-external-address",
            "x-arr-clientcert",
            "x-arr-ssl",
            "x-ssl-cert",
            "front-end-https",
            "x-url-scheme",
            "x-scheme");

    /** What names begin with. */
    static final List<String> PREFIXES =
            List.of("client-cert", "x-client-cert", "x-ssl-client", "x-tls-client", "x-amzn-mtls-", "ssl-client");

    private ClientClaims() {}
}
