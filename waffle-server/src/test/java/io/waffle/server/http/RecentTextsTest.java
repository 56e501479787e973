// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RecentTextsTest {

    private static final int ROUNDS = 2_000;

    private final RecentTexts recent = new RecentTexts();
    private int read;

    @Test
    void whatAStrategyReadsAgainCostsNoGarbage() throws HeadException {
        RequestHead head =
                head("GET /shop?x=1 HTTP/1.1\r\nHost: a\r\nX-Number: 8\r\nX-Tenant: seven\r\nX-Tenant: eight\r\n\r\n");
        assertEquals(Optional.of("seven"), head.findValue("x-tENANT", recent));
        assertEquals(Optional.empty(), head.findValue("X-Tenan\u0164", recent));
        rounds(head);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        rounds(head);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < ROUNDS, allocated + " bytes in " + ROUNDS + " rounds");
    }

    private void rounds(RequestHead head) {
        for (int i = 0; i < ROUNDS; i++) {
            read += head.findValue("X-Tenant", recent).orElseThrow().length();
            read += head.findValue("absent", recent).isPresent() ? 1 : 0;
            read += head.path(recent).length();
        }
    }

    /** Ten thousand texts in a thousand places, in any order: each is what was asked for. */
    @Test
    void whatIsPutOutIsReadAnew() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            String text = "t".repeat(random.nextInt(3)) + random.nextInt(10_000);
            ByteBuffer buf = Wire.buffer("<" + text + ">");
            assertEquals(text, recent.text(buf, 1, 1 + text.length()).orElseThrow());
        }
    }

    @Test
    void bytesAreCharsAndLongTextsAreNotKept() {
        ByteBuffer buf = Wire.buffer("\u00e4\u00ff");
        assertEquals("\u00e4\u00ff", recent.text(buf, 0, 2).orElseThrow());
        assertSame(recent.text(buf, 0, 2), recent.text(buf, 0, 2));
        String text = "x".repeat(RecentTexts.LONGEST + 1);
        assertEquals(text, recent.text(Wire.buffer(text), 0, text.length()).orElseThrow());
    }

    private static RequestHead head(String text) throws HeadException {
        RequestHead head = new RequestHead(HeadLimits.DEFAULT);
        ByteBuffer bytes = Wire.buffer(text);
        head.parse(bytes, bytes.capacity());
        return head;
    }
}
