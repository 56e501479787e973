// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.api.ClientAddress;
import io.waffle.server.http.HeadException;
import io.waffle.server.http.HeadLimits;
import io.waffle.server.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request that is only asked about.
 *
 * @param host with or without a port; empty for none, as HTTP/1.0 has it
 * @param target path and query
 * @param fields header fields, {@code Cookie} among them, in their order
 * @param listener the name of the listener it would come in by
 */
public record RouteQuestion(
        String method,
        String host,
        String target,
        List<Map.Entry<String, String>> fields,
        ClientAddress client,
        String listener) {

    private static final HeadLimits LIMITS = new HeadLimits(64 << 10, 256 << 10, 1000);

    /** As it would come; refused as it would be. */
    public RequestHead head() throws HeadException {
        StringBuilder text = new StringBuilder(method).append(' ').append(target);
        if (host.isEmpty()) {
            text.append(" HTTP/1.0\r\n");
        } else {
            text.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
        }
        fields.forEach(field -> text.append(field.getKey())
                .append(": ")
                .append(field.getValue())
                .append("\r\n"));
        byte[] bytes = text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        RequestHead head = new RequestHead(LIMITS);
        if (head.parse(ByteBuffer.wrap(bytes), bytes.length) != bytes.length) {
            throw new HeadException(400, "request: not one head");
        }
        return head;
    }
}
