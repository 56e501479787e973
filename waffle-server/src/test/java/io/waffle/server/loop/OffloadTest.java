// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class OffloadTest {

    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch begun = new CountDownLatch(Offload.CORES);
    private final AtomicBoolean interrupted = new AtomicBoolean();

    @Test
    void aCrowdOfClientsWhoShakeHandsIsBoundedAndKeepsNoBackendWaiting() throws Exception {
        try {
            for (int i = 0; i < Offload.CORES; i++) {
                Offload.CLIENT_HANDSHAKES.run(this::hang);
            }
            begun.await(); // each thread has taken one, which is in the queue no more
            for (int i = 0; i < Offload.MOST_HANDSHAKES; i++) {
                Offload.CLIENT_HANDSHAKES.run(this::hang);
            }
            assertThrows(IOException.class, () -> Offload.CLIENT_HANDSHAKES.call(() -> 1, Deadline.NONE));
            assertEquals(1, Offload.BACKEND_HANDSHAKES.call(() -> 1, Deadline.NONE));
        } finally {
            end.countDown();
        }
    }

    @Test
    void whatIsGivenUpIsNotInterrupted() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        try {
            assertThrows(
                    SocketTimeoutException.class,
                    () -> Offload.FILES.call(
                            () -> {
                                hang();
                                left.countDown();
                                return 1;
                            },
                            Deadline.in(Duration.ofMillis(200))));
        } finally {
            end.countDown();
        }
        left.await();
        assertFalse(interrupted.get());
    }

    private void hang() {
        begun.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
    }
}
