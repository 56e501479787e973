// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import org.jspecify.annotations.Nullable;

/** What a response needs to be sent on, besides itself. Mutable so that nothing is allocated per response; not thread-safe. */
public final class ResponseRewrite {

    private static final byte[] NONE = {};

    private int clientVersion = 1;
    private boolean requestWasHead;
    private boolean close;
    private byte[] added = NONE;
    private byte[] granted = NONE;
    private boolean storesNothing;
    private FieldEdits edits = FieldEdits.NONE;
    private @Nullable ReverseRewrite reverse;

    /** The minor version of HTTP/1.x that the client speaks. */
    public ResponseRewrite clientVersion(int minor) {
        clientVersion = minor;
        return this;
    }

    public ResponseRewrite requestWasHead(boolean head) {
        requestWasHead = head;
        return this;
    }

    /** Whether the client connection will be closed after this response; where the framing asks for that, it is said in any case. */
    public ResponseRewrite close(boolean close) {
        this.close = close;
        return this;
    }

    /** A field line that a final response, or a switch of protocols, gets besides its own; with its CRLF. The array is kept, not copied. */
    public ResponseRewrite adding(byte[] line) {
        added = line;
        return this;
    }

    /** As {@link #adding}, with nothing. */
    public ResponseRewrite addingNothing() {
        return adding(NONE);
    }

    /** Lines about who may read it, of which the same holds. */
    public ResponseRewrite granting(byte[] lines) {
        granted = lines;
        return this;
    }

    /** As {@link #granting}, with nothing. */
    public ResponseRewrite grantingNothing() {
        return granting(NONE);
    }

    /** Whether {@code Cache-Control: no-store} takes the place of what the response says of caches. */
    public ResponseRewrite storesNothing(boolean nothing) {
        storesNothing = nothing;
        return this;
    }

    /** What else is changed in final responses; default nothing. */
    public ResponseRewrite edits(FieldEdits changes) {
        edits = changes;
        return this;
    }

    /** Brings back what it says of places; null, as by default, if that stays as it is. */
    public ResponseRewrite reverse(@Nullable ReverseRewrite back) {
        reverse = back;
        return this;
    }

    /** How the content of this response is to be framed for the client. After {@link Framing#CLOSE} the connection must be closed. */
    public Framing framing(ResponseHead head) {
        Framing framing = head.framing(requestWasHead);
        if (framing == Framing.NONE || framing == Framing.LENGTH) {
            return framing;
        }
        return clientVersion > 0 ? Framing.CHUNKED : Framing.CLOSE;
    }

    int clientVersion() {
        return clientVersion;
    }

    boolean requestWasHead() {
        return requestWasHead;
    }

    byte[] added() {
        return added;
    }

    byte[] granted() {
        return granted;
    }

    boolean storesNothing() {
        return storesNothing;
    }

    FieldEdits edits() {
        return edits;
    }

    @Nullable
    ReverseRewrite reverse() {
        return reverse;
    }

    boolean close() {
        return close;
    }
}
