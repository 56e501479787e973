// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import io.waffle.api.ClientAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;

/** Addresses to listen on, as people read them, and why one cannot be had. */
final class Addresses {

    private Addresses() {}

    /** Address and port, as a URL has them; the path of a Unix domain socket behind {@code unix:}. */
    static String written(SocketAddress where) {
        if (!(where instanceof InetSocketAddress at)) {
            return "unix:" + where;
        }
        if (at.isUnresolved()) {
            return at.getHostString() + ":" + at.getPort();
        }
        String host = ClientAddress.of(at.getAddress()).toString();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
    }

    /** What an operator does about it depends on why it is. */
    static StartException cannotListen(String setting, SocketAddress at, IOException why) {
        boolean local = at instanceof UnixDomainSocketAddress;
        String reason = String.valueOf(why.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        String hint = "";
        if (local && lower.contains("in use")) {
            hint = " (another process listens there, which ss -lxp shows; or choose another path)";
        } else if (local && lower.contains("permission denied")) {
            hint = " (this user may not make a file in that folder)";
        } else if (local && lower.contains("no such file")) {
            hint = " (its folder has to be there)";
        } else if (local && lower.contains("no socket")) {
            hint = " (it is left alone: choose another path, or remove it)";
        } else if (lower.contains("in use")) {
            hint = " (another process listens there, which ss -ltnp shows; or choose another address)";
        } else if (lower.contains("cannot assign")) {
            hint = " (no interface of this machine has this address)";
        } else if (lower.contains("permission denied")) {
            hint = " (a port below 1024 takes a privilege: CAP_NET_BIND_SERVICE)";
        }
        return new StartException(setting + ": cannot listen on " + written(at) + ": " + reason + hint);
    }
}
