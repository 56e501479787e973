// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.waffle.server.config.TlsConfig;
import io.waffle.server.tls.TlsPair.Served;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a TLS connection ends, and how each side can tell. */
@ParameterizedClass
@EnumSource(
        value = TlsConfig.Provider.class,
        names = {"OPENSSL", "JSSE"})
@Timeout(60)
class TlsEndTest {

    private static TestAuthority authority;

    @Parameter
    TlsConfig.Provider provider;

    @TempDir
    Path folder;

    @BeforeAll
    static void issue() throws Exception {
        authority = TestAuthority.root("Test Root", "secp256r1");
    }

    @ParameterizedTest
    @CsvSource({"true, TLSv1.2", "true, TLSv1.3", "false, TLSv1.3"})
    void aCloseNotifyIsTheEndOfTheStream(boolean carry, String protocol) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                ByteBuffer buffer = ByteBuffer.allocate(10);
                assertEquals(3, channel.read(buffer));
                assertEquals(-1, channel.read(buffer));
                assertEquals(-1, channel.tryRead(buffer));
            });
            try (SSLSocket client = pair.jdkClient(served.client(), protocol)) {
                client.getOutputStream().write(new byte[3]);
            }
            served.end().get();
        }
    }

    @Test
    void afterThePeersEndThereIsStillAnAnswer() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                assertEquals(-1, channel.read(ByteBuffer.allocate(10)));
                channel.write(ByteBuffer.wrap(new byte[100_000]));
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                client.startHandshake();
                client.shutdownOutput();
                assertEquals(100_000, client.getInputStream().readAllBytes().length);
            }
            served.end().get();
        }
    }

    @Test
    void afterTheEndOfOurOutputTheInputGoesOn() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                channel.shutdownOutput();
                channel.flush();
                assertEquals(1, channel.read(ByteBuffer.allocate(10)));
                assertThrows(IOException.class, () -> channel.tryWrite(ByteBuffer.allocate(1)));
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                assertEquals(-1, client.getInputStream().read());
                client.getOutputStream().write(1);
                served.end().get();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TLSv1.2, false", "TLSv1.2, true", "TLSv1.3, false", "TLSv1.3, true"})
    void aCutConnectionIsAnError(String protocol, boolean reset) throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            CountDownLatch read = new CountDownLatch(1);
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                ByteBuffer buffer = ByteBuffer.allocate(10);
                assertEquals(3, channel.read(buffer));
                read.countDown();
                channel.read(buffer);
            });
            SSLSocket client = pair.jdkClient(served.client(), protocol);
            client.getOutputStream().write(new byte[3]);
            read.await();
            if (reset) {
                served.client().setSoLinger(true, 0);
                served.client().close();
            } else {
                served.client().shutdownOutput();
            }
            Throwable e = failure(served.end());
            assertEquals(reset ? SocketException.class : SSLException.class, e.getClass());
            served.client().close();
        }
    }

    @Test
    void aFailureIsFinal() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                ByteBuffer buffer = ByteBuffer.allocate(10);
                assertThrows(SSLException.class, () -> channel.read(buffer));
                assertThrows(IOException.class, () -> channel.tryRead(buffer));
                assertThrows(IOException.class, () -> channel.tryWrite(buffer));
                assertThrows(IOException.class, channel::flush);
            });
            pair.jdkClient(served.client(), "TLSv1.3").startHandshake();
            served.client()
                    .getOutputStream()
                    .write(new byte[] {23, 3, 3, 0, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0});
            served.end().get();
            served.client().close();
        }
    }

    @ParameterizedTest
    @CsvSource({"true, TLSv1.2", "true, TLSv1.3", "false, TLSv1.3"})
    void ourCloseIsAProperEndAndOurAbortIsNot(boolean carry, String protocol) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            ServerTls tls = pair.serverTls("secp256r1");
            Served closed = pair.serve(tls, channel -> assertEquals(1, channel.read(ByteBuffer.allocate(1))));
            try (SSLSocket client = pair.jdkClient(closed.client(), protocol)) {
                client.getOutputStream().write(1);
                assertEquals(-1, client.getInputStream().read());
            }
            Served aborted = pair.serve(tls, channel -> {
                assertEquals(1, channel.read(ByteBuffer.allocate(1)));
                channel.abort();
                assertFalse(channel.isOpen());
            });
            try (SSLSocket client = pair.jdkClient(aborted.client(), protocol)) {
                client.getOutputStream().write(1);
                assertThrows(IOException.class, () -> client.getInputStream().read());
                aborted.end().get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseByAnotherThreadEndsTheWait(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            CompletableFuture<TlsChannel> waiting = new CompletableFuture<>();
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                channel.read(ByteBuffer.allocate(1));
                waiting.complete(channel);
                channel.read(ByteBuffer.allocate(1));
            });
            try (SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3")) {
                client.getOutputStream().write(1);
                waiting.get().close();
                assertInstanceOf(ClosedChannelException.class, failure(served.end()));
                assertEquals(-1, client.getInputStream().read());
            }
        }
    }

    /** Races the owner's reads and writes against a close: whatever happens is an {@code IOException}, and every time. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCloseInTheMiddleOfATransferIsSafe(boolean carry) throws Exception {
        try (TlsPair pair = new TlsPair(carry, folder, authority, provider)) {
            ServerTls tls = pair.serverTls("secp256r1");
            for (int round = 0; round < 30; round++) {
                CompletableFuture<TlsChannel> talking = new CompletableFuture<>();
                Served served = pair.serve(tls, channel -> {
                    talking.complete(channel);
                    TestStream.duplex(
                            channel, new TestStream(1, Long.MAX_VALUE), new TestStream(2, Long.MAX_VALUE), 50_000);
                });
                SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3");
                client.startHandshake();
                CompletableFuture<Void> sending = TlsPair.async(
                        () -> new TestStream(3, Long.MAX_VALUE).sendAll(client.getOutputStream(), 50_000));
                client.getInputStream().readNBytes(100_000 * round + 1);
                talking.get().close();
                assertInstanceOf(IOException.class, failure(served.end()));
                served.client().close();
                assertInstanceOf(IOException.class, failure(sending));
            }
        }
    }

    /** What a closing thread does that comes just behind the owner, who has seen the close and released all. */
    @Test
    void aGoodbyeBehindTheReleaseDoesNoHarm() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            ServerTls tls = pair.serverTls("secp256r1");
            Served served = pair.serve(tls, channel -> {
                TlsRecords records = tls.records(channel.socket());
                records.release();
                records.closeOutput();
                records.release();
            });
            pair.jdkClient(served.client(), "TLSv1.3").startHandshake();
            served.end().get();
        }
    }

    @Test
    void aFloodOfEmptyRecordsIsCut() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> channel.read(ByteBuffer.allocate(1)));
            SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3");
            client.startHandshake();
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 1_000_000; i++) {
                    client.startHandshake(); // a key update
                }
            });
            assertEquals(
                    "too many TLS records without data", failure(served.end()).getMessage());
            served.client().close();
        }
    }

    /** Few enough to be taken for no flood, since data comes behind them: they cost what many records with data cost. */
    @Test
    void keyUpdatesSpendATurn() throws Exception {
        try (TlsPair pair = new TlsPair(true, folder, authority, provider)) {
            CountDownLatch sent = new CountDownLatch(1);
            Served served = pair.serve(pair.serverTls("secp256r1"), channel -> {
                ByteBuffer one = ByteBuffer.allocate(1);
                sent.await();
                channel.loop().settle();
                channel.loop().pass();
                assertEquals(0, channel.tryRead(one));
                assertTrue(channel.isTurnSpent());
                assertEquals(1, channel.read(one));
            });
            SSLSocket client = pair.jdkClient(served.client(), "TLSv1.3");
            client.startHandshake();
            for (int i = 0; i < 64; i++) {
                client.startHandshake(); // a key update
            }
            client.getOutputStream().write(1);
            sent.countDown();
            served.end().get();
            served.client().close();
        }
    }

    private static Throwable failure(CompletableFuture<?> end) {
        return assertThrows(ExecutionException.class, end::get).getCause();
    }
}
