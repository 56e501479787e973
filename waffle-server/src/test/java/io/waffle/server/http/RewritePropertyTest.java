// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a writer emits parses again, under the strictest reading, to the same message but for what had to go and what was added. */
final class RewritePropertyTest {

    private static final int ROUNDS = 20_000;
    private static final List<String> NAMES = List.of(
            "X-A",
            "x-b",
            "Connection",
            "Keep-Alive",
            "TE",
            "Upgrade",
            "Via",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "Forwarded",
            "Cookie",
            "Trailer",
            "Proxy-Connection",
            "Max-Forwards",
            "Set-Cookie",
            "Date");
    private static final List<String> VALUES = List.of(
            "",
            "a",
            " b\t",
            "close",
            "x-a",
            "upgrade, X-B",
            "trailers",
            "websocket",
            "h2c",
            "1.1 p",
            "10.0.0.1",
            "a,,b",
            "\u00e9");
    private static final Set<String> REWRITTEN = Set.of(
            "connection",
            "keep-alive",
            "te",
            "upgrade",
            "via",
            "proxy-connection",
            "content-length",
            "transfer-encoding",
            "date");

    private final SplittableRandom random = new SplittableRandom(20_26);

    @Test
    void requestsStayWhatTheyWere() throws HeadException {
        RequestHeadWriter writer = new RequestHeadWriter();
        RequestRewrite rewrite =
                new RequestRewrite().clientAddress(Out.ascii("192.0.2.7")).backendAuthority(Out.ascii("b:1"));
        for (int i = 0; i < ROUNDS; i++) {
            RequestHead head = Wire.request("PUT /x HTTP/1.1\r\nHost: a\r\n" + fields());
            ByteBuffer dst = ByteBuffer.allocate(writer.bound(head, rewrite));
            int length = writer.write(head, head.buf(), dst, rewrite.trusted(random.nextBoolean()));
            RequestHead sent = new RequestHead(HeadLimits.DEFAULT);
            assertEquals(length, sent.parse(dst, length));
            assertEquals(head.framing(), sent.framing());
            assertEquals(head.contentLength(), sent.contentLength());
            assertEquals(head.upgrade(), sent.upgrade());
            assertEquals(endToEnd(head), endToEnd(sent));
        }
    }

    @Test
    void responsesStayWhatTheyWere() throws HeadException {
        ResponseHeadWriter writer = new ResponseHeadWriter(new HttpDate(InstantSource.fixed(Instant.EPOCH)));
        for (int i = 0; i < ROUNDS; i++) {
            ResponseHead head = Wire.response("HTTP/1.1 200 OK\r\n" + fields());
            ResponseRewrite rewrite = new ResponseRewrite()
                    .clientVersion(random.nextInt(2))
                    .close(random.nextBoolean())
                    .requestWasHead(random.nextInt(4) == 0);
            ByteBuffer dst = ByteBuffer.allocate(writer.bound(head, rewrite));
            int length = writer.write(head, head.buf(), dst, rewrite);
            ResponseHead sent = new ResponseHead(HeadLimits.DEFAULT);
            assertEquals(length, sent.parse(dst, length));
            assertEquals(rewrite.framing(head), sent.framing(rewrite.requestWasHead()));
            assertEquals(endToEnd(head), endToEnd(sent));
            assertTrue(sent.has(KnownField.DATE));
        }
    }

    private String fields() {
        StringBuilder text = new StringBuilder();
        switch (random.nextInt(3)) {
            case 0 ->
                text.append("Content-Length: ").append(random.nextInt(100)).append("\r\n");
            case 1 -> text.append("Transfer-Encoding: chunked\r\n");
            default -> {}
        }
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append(any(NAMES)).append(':').append(any(VALUES)).append("\r\n");
        }
        return text.append("\r\n").toString();
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Names and values, in order, of what neither hop nor origin has a say in. */
    private static List<String> endToEnd(Head head) {
        List<String> dropped = new ArrayList<>();
        for (int i = 0; i < head.fieldCount(); i++) {
            if (head.known(i) == KnownField.CONNECTION) {
                for (String option : head.value(i).split(",", -1)) {
                    dropped.add(option.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return IntStream.range(0, head.fieldCount())
                .filter(i -> {
                    String name = head.name(i).toLowerCase(Locale.ROOT);
                    boolean origin = name.startsWith("x-forwarded-") || name.equals("forwarded");
                    return !REWRITTEN.contains(name) && !dropped.contains(name) && !origin;
                })
                .mapToObj(i -> head.name(i) + ": " + head.value(i))
                .toList();
    }
}
