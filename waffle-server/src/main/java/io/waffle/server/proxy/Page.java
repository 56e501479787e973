// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.config.PageConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Content that is answered with, the same for everybody: it is written from where it is, however large. Immutable.
 *
 * @param contentType empty for none
 * @param body to be read through a duplicate
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Page(byte[] contentType, ByteBuffer body) {

    static final Page NONE = new Page(new byte[0], ByteBuffer.allocate(0).asReadOnlyBuffer());

    static Page of(PageConfig config) {
        return of(config.contentType(), config.content());
    }

    static Page of(String contentType, String body) {
        return of(contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Page of(String contentType, byte[] body) {
        return new Page(
                contentType.getBytes(StandardCharsets.US_ASCII),
                ByteBuffer.wrap(body).asReadOnlyBuffer());
    }

    int length() {
        return body.remaining();
    }
}
