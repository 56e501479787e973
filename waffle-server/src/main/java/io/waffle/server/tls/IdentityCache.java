// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What was made of the certificates and keys somebody has asked for lately: read at the first use, dropped when others are used more. It
 * outlives a reload, so that what has not changed is not read again.
 *
 * <p>Threading: any thread. Reading takes place outside the lock, so two may read the same at once, which harms nobody.
 */
final class IdentityCache<T> {

    /** Ten to twenty kilobytes each, chain and all. */
    private static final int CAPACITY = 1000;

    private static final System.Logger LOG = System.getLogger("waffle");

    /** Makes one of what the files say. */
    interface Maker<T> {
        T make(TlsIdentity identity) throws SSLException;
    }

    private final Maker<T> maker;

    private final Map<NamedCertificate, T> made = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<NamedCertificate, T> eldest) {
            return size() > CAPACITY;
        }
    };

    IdentityCache(Maker<T> maker) {
        this.maker = maker;
    }

    /** What this certificate is served with; null if it cannot be, which is logged, once. */
    @Nullable
    T find(NamedCertificate certificate) {
        synchronized (made) {
            T known = made.get(certificate);
            if (known != null) {
                return known;
            }
        }
        try {
            T fresh = maker.make(certificate.load());
            put(certificate, fresh);
            return fresh;
        } catch (TlsConfigException | SSLException e) {
            if (certificate.tellOnce()) {
                LOG.log(
                        Level.WARNING,
                        (e instanceof TlsConfigException ? "" : certificate.file() + ": cannot be used, ")
                                + e.getMessage() + "; it is left out");
            }
            return null;
        }
    }

    /** Knows it without reading. */
    void put(NamedCertificate certificate, T identity) {
        synchronized (made) {
            made.put(certificate, identity);
        }
    }
}
