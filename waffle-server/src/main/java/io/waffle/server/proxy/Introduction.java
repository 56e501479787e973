// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.api.ClientAddress;
import io.waffle.server.loop.Buffers;
import io.waffle.server.loop.Channel;
import io.waffle.server.loop.Deadline;
import io.waffle.server.loop.DeadlineException;
import io.waffle.server.loop.MemoryShortage;
import io.waffle.server.loop.PlainChannel;
import io.waffle.server.peer.InvalidHeader;
import io.waffle.server.peer.ProxyHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** How a peer that has accepted connections for us introduces the client: by a header of the PROXY protocol, before all else that comes. */
final class Introduction {

    private Introduction() {}

    /** It was none; the message is for whoever runs the peer. */
    static final class Missing extends IOException {

        private static final long serialVersionUID = 1;

        private Missing(String why) {
            super(why);
        }
    }

    /**
     * Reads it, and puts what came behind it back.
     *
     * @return who the client is; null if the peer has left without a word, as one does that only looks whether we are there
     * @throws Missing if something else came, or not all of it in time
     */
    static @Nullable Peer read(PlainChannel from, Peer peer, long deadline) throws IOException {
        from.deadline(deadline);
        try {
            from.await(Channel.READ); // and a wait holds no buffer
            ProxyHeader header = read(from);
            from.deadline(Deadline.NONE);
            return header == null ? null : client(header, peer);
        } catch (InvalidHeader e) {
            throw new Missing(String.valueOf(e.getMessage()));
        } catch (DeadlineException e) {
            throw new Missing("the header did not come in time");
        }
    }

    private static @Nullable ProxyHeader read(PlainChannel from) throws IOException, InvalidHeader {
        Buffers buffers = from.loop().buffers();
        ByteBuffer in = buffers.tiny();
        if (in == null) {
            throw new MemoryShortage(Buffers.TINY);
        }
        try {
            ProxyHeader header;
            while ((header = ProxyHeader.read(in, in.position())) == null) {
                if (from.read(in) < 0) {
                    if (in.position() == 0) {
                        return null;
                    }
                    throw new Missing("it left within the header");
                }
            }
            from.unread(in.flip().position(header.length()));
            return header;
        } finally {
            buffers.giveBack(in);
        }
    }

    private static Peer client(ProxyHeader header, Peer peer) {
        return header.endpoints() == null || header.endpoints().client().equals(ClientAddress.NONE)
                ? peer
                : Peer.of(header.endpoints());
    }
}
