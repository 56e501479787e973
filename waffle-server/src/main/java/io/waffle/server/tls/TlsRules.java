// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** What both sides of Waffle keep to, whatever {@link TlsPolicy} is configured: HTTP/1.1 inside, and no renegotiation. */
final class TlsRules {

    private static final String[] APPLICATION_PROTOCOLS = {"http/1.1"};

    /** A client that renegotiates (TLS 1.2) makes the server pay for handshakes at will. JSSE reads this once, at its first handshake. */
    private static final String REJECT_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";

    /**
     * JSSE ends the handshake over a name that is not to its taste: with a final dot, or an underscore. OpenSSL does not. Where names change
     * nothing it is not to look at them. It reads this once, at its first handshake, and takes it for servers only.
     */
    private static final String IGNORED_EXTENSIONS = "jdk.tls.server.disableExtensions";

    private static final String SERVER_NAME = "server_name";

    /** Whether a listener has asked for names so far. */
    private static volatile boolean namesCount;

    /** Whether JSSE has had a connection, and whether it has ignored names since. */
    private static volatile boolean begun;

    private static volatile boolean namesIgnored;

    static {
        setUnlessSet(REJECT_RENEGOTIATION, "true");
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    private TlsRules() {}

    /** Session tickets and resumption are JSSE's defaults: on. */
    static SSLContext context(KeyManager[] keyManagers, TrustManager[] trustManagers) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, trustManagers, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    static String[] applicationProtocols() {
        return APPLICATION_PROTOCOLS.clone();
    }

    /**
     * Has JSSE heed the names clients ask for, or not, from its first handshake on; once one listener of the process needs them, they are heeded.
     *
     * @return false if they are needed, and JSSE has begun without
     */
    static synchronized boolean heedNames(boolean needed) {
        namesCount |= needed;
        if (!namesCount) {
            setUnlessSet(IGNORED_EXTENSIONS, SERVER_NAME);
        } else if (!namesIgnored && SERVER_NAME.equals(System.getProperty(IGNORED_EXTENSIONS))) {
            System.clearProperty(IGNORED_EXTENSIONS);
        }
        return !needed || !namesIgnored;
    }

    /** A connection by JSSE begins: what was said of names holds from now on. */
    static void begin() {
        if (!begun) {
            begun = true;
            namesIgnored = SERVER_NAME.equals(System.getProperty(IGNORED_EXTENSIONS));
        }
    }
}
