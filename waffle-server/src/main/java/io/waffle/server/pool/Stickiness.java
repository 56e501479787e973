// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.server.config.StickyConfig;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How clients are kept with their backends by a cookie: its name, its attributes and its key, as one. Immutable.
 *
 * <p>The value is a MAC over the id of the backend. It is the same wherever the key is, tells nobody the backend, and cannot be made up.
 */
public final class Stickiness {

    private static final String ALGORITHM = "HmacSHA256";

    /** What this key says of a backend in a cookie is not what it, or another version, would say elsewhere. */
    private static final String CONTEXT = "waffle sticky cookie 1\0";

    private static final int TOKEN_BYTES = 16;

    private final String name;
    private final byte[] nameBytes;
    private final String attributes;
    private final List<SecretKeySpec> keys;
    private final long drainNanos;

    /**
     * @param config with a cookie
     * @param keys one at least, none empty: the first makes cookies, all are known
     */
    public Stickiness(StickyConfig config, byte[]... keys) {
        this(
                config,
                Stream.of(keys).map(key -> new SecretKeySpec(key, ALGORITHM)).toList());
    }

    private Stickiness(StickyConfig config, List<SecretKeySpec> keys) {
        this.keys = keys;
        name = config.cookie().orElseThrow();
        nameBytes = name.getBytes(StandardCharsets.US_ASCII);
        attributes = attributes(config);
        drainNanos = config.drain().toNanos();
    }

    /** With the same secrets, by another configuration. */
    public Stickiness with(StickyConfig other) {
        return new Stickiness(other, keys);
    }

    private static String attributes(StickyConfig config) {
        String word = config.sameSite().name();
        String site = word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
        long seconds = config.maxAge().plusMillis(999).toSeconds(); // Max-Age=0 would delete it
        return "; Path=" + config.path() + (seconds == 0 ? "" : "; Max-Age=" + seconds) + "; HttpOnly; SameSite="
                + site;
    }

    /** Whether the other one makes the same cookies, so that it need not take the place of this. */
    public boolean isLike(Stickiness other) {
        return name.equals(other.name)
                && attributes.equals(other.attributes)
                && drainNanos == other.drainNanos
                && keys.equals(other.keys);
    }

    /** The name of the cookie. Not to be changed. */
    byte[] name() {
        return nameBytes;
    }

    /** How many secrets there are. */
    int keys() {
        return keys.size();
    }

    /** How long a backend that drains keeps its clients. */
    long drainNanos() {
        return drainNanos;
    }

    /** The cookie of the backend with this id. */
    StickyCookie cookie(String backend) {
        List<byte[]> tokens = keys.stream().map(key -> token(key, backend)).toList();
        return new StickyCookie(name, tokens, attributes, StickyConfig.isForHttps(name));
    }

    private static byte[] token(SecretKeySpec key, String backend) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] token = mac.doFinal((CONTEXT + backend).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(token, TOKEN_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
        }
    }

    /** For these, which have their cookies. */
    StickyTable table(List<PooledBackend> members) {
        return new StickyTable(this, members);
    }
}
