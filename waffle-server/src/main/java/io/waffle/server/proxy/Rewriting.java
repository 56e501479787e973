// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.config.ForwardingConfig;
import io.waffle.server.http.ForwardedFor;
import io.waffle.server.http.Framing;
import io.waffle.server.http.HttpDate;
import io.waffle.server.http.RequestHead;
import io.waffle.server.http.RequestHeadWriter;
import io.waffle.server.http.RequestRewrite;
import io.waffle.server.http.ResponseHead;
import io.waffle.server.http.ResponseHeadWriter;
import io.waffle.server.http.ResponseRewrite;
import io.waffle.server.http.ReverseRewrite;
import io.waffle.server.loop.Buffers;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.StickyCookie;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How heads are changed on their way, as configured: ties the writers of the wire format to who the client is and where the request goes. */
final class Rewriting {

    private static final int NOT_MODIFIED = 304;

    private final RequestRewrite requestRewrite = new RequestRewrite();
    private final RequestHeadWriter requests = new RequestHeadWriter();
    private final ReverseRewrite reverse = new ReverseRewrite(requestRewrite);
    private final ResponseRewrite responseRewrite = new ResponseRewrite();
    private final ResponseHeadWriter responses;
    private final ForwardedFor forwardedFor = new ForwardedFor();
    private final ForwardingConfig forwarding;
    private boolean keepsCacheable;
    private boolean reverses;
    private final HttpDate date;

    Rewriting(WireRules rules, HttpDate date) {
        this.forwarding = rules.forwarding();
        this.date = date;
        this.responses = new ResponseHeadWriter(date);
        requestRewrite
                .passesUnderscores(forwarding.underscores() == ForwardingConfig.Underscores.PASS)
                .secure(rules.secure());
    }

    /** Learns by which route. */
    void by(ServedRoute route) {
        requestRewrite
                .preserveHost(route.preservesHost())
                .writesForwarded(route.writesForwarded())
                .edits(route.requestEdits())
                .path(route.rewrite())
                .host(route.host());
        reverses = !route.rewrite().isEmpty() || route.host().length > 0;
        responseRewrite.edits(route.responseEdits());
    }

    /** Learns whether a response for shared caches stays one if it sets a cookie. */
    void keepsCacheable(boolean keeps) {
        keepsCacheable = keeps;
    }

    boolean isHttps(RequestHead head) {
        return requestRewrite.isHttps(head);
    }

    HttpDate date() {
        return date;
    }

    /** Learns who the client is. */
    void from(Peer peer) {
        requestRewrite
                .clientAddress(peer.literal())
                .trusted(forwarding.trusts(peer.address()))
                .listenerPort(peer.port())
                .certificate(peer.certificate());
    }

    /** Learns where the request goes. */
    void to(PooledBackend backend) {
        requestRewrite
                .backendAuthority(backend.authority())
                .prefix(backend.prefix())
                .backendSecure(backend.tls());
    }

    /** Whom the request is from: the peer, or whoever a trusted peer says. */
    ClientAddress clientAddress(RequestHead head, Peer peer) {
        return forwardedFor.client(head, peer.address(), forwarding::trusts);
    }

    int requestBound(RequestHead head) {
        return requests.bound(head, requestRewrite);
    }

    void writeRequest(RequestHead head, ByteBuffer from, ByteBuffer to) {
        requests.write(head, from, to, requestRewrite);
    }

    /** Places that would take more room than there is for any head are not brought back: it takes thousands of bytes of path, and many cookies. */
    int responseBound(ResponseHead head) {
        if (reverses) {
            int bound = responses.bound(head, responseRewrite.reverse(reverse));
            if (bound <= Buffers.LARGE) {
                return bound;
            }
        }
        return responses.bound(head, responseRewrite.reverse(null));
    }

    /** Learns of the request a response is for. */
    void answering(RequestHead request) {
        reverse.answering(request);
        responseRewrite.grantingNothing().clientVersion(request.minorVersion()).requestWasHead(request.isHead());
    }

    /** Learns which cookie the final response to this request sets, if any. A 304 sets none: it renews what caches have stored for others. */
    void setting(@Nullable StickyCookie cookie, RequestHead request, ResponseHead response) {
        if (cookie == null || response.status() == NOT_MODIFIED) {
            responseRewrite.addingNothing().storesNothing(false);
        } else {
            responseRewrite
                    .adding(cookie.field(requestRewrite.isHttps(request)))
                    .storesNothing(!keepsCacheable && response.isForSharedCaches());
        }
    }

    /** Learns what else the final response to this request says. */
    void granting(byte[] lines) {
        responseRewrite.granting(lines);
    }

    /** How the content of this response is framed for the client. */
    Framing framing(ResponseHead head) {
        return responseRewrite.framing(head);
    }

    /** Writes the head of a response, final or interim. */
    void writeResponse(ResponseHead head, ByteBuffer from, ByteBuffer to, boolean keepAlive) {
        responses.write(head, from, to, responseRewrite.close(!keepAlive));
    }
}
