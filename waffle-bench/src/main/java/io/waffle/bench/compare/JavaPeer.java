// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The proxies of this module: Undertow's, and the floor, which only copies bytes. Plain HTTP only. */
record JavaPeer(String name, String program, String what, boolean urls) implements Peer {

    static final JavaPeer UNDERTOW = new JavaPeer("undertow", "UndertowProxy", "Undertow's proxy", true);
    static final JavaPeer FLOOR =
            new JavaPeer("floor", "PassThrough", "copies bytes between two sockets, parses nothing", false);

    private static final Pattern UNDERTOW_JAR = Pattern.compile("undertow-core-([0-9][^/]*)\\.jar");

    /** The collector of Waffle's launcher. */
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-XX:-UsePerfData");

    @Override
    public List<String> command(Site site) {
        String listen = "127.0.0.1:" + site.port();
        String backends = String.join(
                ",", site.backends().stream().map(b -> urls ? "http://" + b : b).toList());
        return LoadProgram.command(program, JVM, List.of("--listen", listen, urls ? "--backends" : "--to", backends));
    }

    @Override
    public String version() {
        Matcher jar = UNDERTOW_JAR.matcher(System.getProperty("java.class.path"));
        return urls && jar.find() ? what + " " + jar.group(1) : what;
    }

    @Override
    public boolean isJava() {
        return true;
    }
}
