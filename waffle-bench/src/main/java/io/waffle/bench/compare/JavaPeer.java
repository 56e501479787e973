// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;

/** The proxies of this module: Undertow's, and the floor, which only copies bytes. Plain HTTP only. */
record JavaPeer(String name, String program, String version, boolean urls) implements Peer {

    static final JavaPeer UNDERTOW = new JavaPeer("undertow", "UndertowProxy", "Undertow's proxy handler", true);
    static final JavaPeer FLOOR =
            new JavaPeer("floor", "PassThrough", "copies bytes between two sockets, parses nothing", false);

    @Override
    public List<String> command(Site site) {
        String listen = "127.0.0.1:" + site.port();
        String backends = String.join(
                ",", site.backends().stream().map(b -> urls ? "http://" + b : b).toList());
        return LoadProgram.command(
                program, List.of(), List.of("--listen", listen, urls ? "--backends" : "--to", backends));
    }

    @Override
    public boolean isJava() {
        return true;
    }
}
