// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import io.undertow.Undertow;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import org.xnio.Options;

/** Undertow's reverse proxy as one would set it up for speed: no access log, connections to backends kept, {@code X-Forwarded-For} set. */
public final class UndertowProxy {

    static final Program PROGRAM = new Program("UndertowProxy", "--listen H:P --backends U,U,U", UndertowProxy::run);

    private static final int IO_THREADS = 2;
    private static final int CONNECTIONS_PER_THREAD = 512;
    private static final int BACKLOG = 4096;
    private static final int MAX_REQUEST_MILLIS = 30_000;

    private UndertowProxy() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out) throws UsageException, IOException {
        InetSocketAddress address = args.address("--listen");
        var backends = new LoadBalancingProxyClient()
                .setConnectionsPerThread(CONNECTIONS_PER_THREAD)
                .setSoftMaxConnectionsPerThread(CONNECTIONS_PER_THREAD)
                .setMaxQueueSize(BACKLOG);
        for (Target backend : args.urls("--backends")) {
            backends.addHost(backend.uri());
        }
        Undertow server = Undertow.builder()
                .setIoThreads(IO_THREADS)
                .setSocketOption(Options.BACKLOG, BACKLOG)
                .setSocketOption(Options.TCP_NODELAY, true)
                .addHttpListener(address.getPort(), address.getAddress().getHostAddress())
                .setHandler(ProxyHandler.builder()
                        .setProxyClient(backends)
                        .setMaxRequestTime(MAX_REQUEST_MILLIS)
                        .build())
                .build();
        try {
            server.start();
        } catch (RuntimeException e) { // as it says that the address is taken
            throw new IOException(e);
        }
        try {
            Program.hold(in, out);
        } finally {
            server.stop();
        }
    }
}
