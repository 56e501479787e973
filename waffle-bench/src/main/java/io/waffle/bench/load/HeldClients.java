// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Clients that come into one state and stay there, for {@link QuietBackend} behind a proxy. */
public final class HeldClients {

    static final Program PROGRAM = new Program(
            "HeldClients", "--url U --state S --connections N [--first-source N] [--insecure]", HeldClients::run);

    private static final int MOST = 20_000;
    private static final int SOURCES = 250;
    private static final int PER_SOURCE = 1_000;
    private static final String UPGRADE = """
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            """.replace("\n", "\r\n");

    /** What a client does, and what it waits for before it does nothing more. */
    private enum State {
        IDLE("/small", "", "hello"),
        BYTE("", "", ""),
        SOCKET("/socket", UPGRADE, "\r\n\r\n"),
        EVENTS("/events", "Accept: text/event-stream\r\n", "data: hello"),
        DEAF("/endless", "", "");

        private final String path;
        private final String fields;
        private final String awaited;

        State(String path, String fields, String awaited) {
            this.path = path;
            this.fields = fields;
            this.awaited = awaited;
        }

        static State of(String name) throws UsageException {
            for (State state : values()) {
                if (state.name().equalsIgnoreCase(name)) {
                    return state;
                }
            }
            throw new UsageException("--state: " + name + " (expected: idle, byte, socket, events or deaf)");
        }

        private ByteBuffer request(String host) {
            return this == BYTE ? ByteBuffer.wrap(new byte[] {'G'}) : Target.get(path, host, fields);
        }
    }

    private HeldClients() {}

    public static void main(String[] args) {
        PROGRAM.main(args);
    }

    private static void run(Arguments args, InputStream in, PrintStream out) throws UsageException, IOException {
        Target target = args.url("--url");
        State state = State.of(args.text("--state", ""));
        int connections = args.number("--connections", 1, MOST);
        int source = args.has("--first-source") ? args.number("--first-source", 0, SOURCES) : 0;
        Connector connector = new Connector(target, args.has("--insecure"));
        ByteBuffer request = state.request(target.uri().getRawAuthority());
        ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
        List<Wire> clients = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                Wire client = connector.open(IdleClients.source(source * PER_SOURCE + i));
                clients.add(client);
                client.send(request);
                await(state.awaited, client, buffer.clear());
            }
            Program.hold(in, out);
        } finally {
            for (Wire client : clients) {
                client.close();
            }
        }
    }

    private static void await(String text, Wire client, ByteBuffer into) throws IOException {
        while (!StandardCharsets.US_ASCII
                .decode(into.duplicate().flip())
                .toString()
                .contains(text)) {
            if (client.receive(into) < 0) {
                throw new EOFException("closed by the server");
            }
        }
    }
}
