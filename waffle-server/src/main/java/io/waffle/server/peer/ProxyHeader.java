// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.peer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a header of the PROXY protocol says of the connection it begins (The PROXY protocol, versions 1 and 2, HAProxy Technologies, 2020). Read strictly:
 * who speaks it is a machine, and whatever it says decides whom we take the client for.
 *
 * @param length its bytes; what follows is the client's
 * @param kind what is known of the client
 * @param endpoints the ends it tells of; null unless it is of {@link Kind#INET}
 */
public record ProxyHeader(int length, Kind kind, @Nullable Endpoints endpoints) {

    /** The most bytes of one, its additions (TLV) included; those of the protocol's own begin to be long with certificates only. */
    public static final int LONGEST = 3 * 1024;

    /** What a header says of the client. */
    public enum Kind {
        /** Nothing: it is whoever has connected, say to look whether we are there ({@code LOCAL}, {@code UNKNOWN}). */
        PEER,
        /** Its address. */
        INET,
        /** That it came by a socket without addresses. */
        UNIX
    }

    /**
     * Reads what has come of one.
     *
     * @param in has it from index 0 on
     * @param received how many bytes of it there are
     * @return null if more has to come
     * @throws InvalidHeader if this is none, or will be none whatever comes
     */
    public static @Nullable ProxyHeader read(ByteBuffer in, int received) throws InvalidHeader {
        if (received == 0) {
            return null;
        }
        return in.get(0) == VersionTwo.FIRST ? VersionTwo.read(in, received) : new VersionOne(in).read(received);
    }

    /**
     * Writes one for a connection we make for a client.
     *
     * @param version 1 or 2
     * @param ends the client's connection; null if its ends are not known. Of two kinds of addresses IPv4 is written as IPv6
     */
    public static byte[] ofClient(int version, @Nullable Endpoints ends) {
        return version == 1 ? VersionOne.write(ends) : VersionTwo.write(ends, true);
    }

    /**
     * Writes one for a connection of our own.
     *
     * @param version 1 or 2
     */
    public static byte[] ofOurOwn(int version) {
        return version == 1 ? VersionOne.write(null) : VersionTwo.write(null, false);
    }

    /** Refuses what is not the beginning of this. */
    static void expect(byte[] beginning, ByteBuffer in, int received) throws InvalidHeader {
        for (int i = 0; i < Math.min(beginning.length, received); i++) {
            if (in.get(i) != beginning[i]) {
                throw new InvalidHeader("it does not begin with a header of the PROXY protocol");
            }
        }
    }
}
