// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * Keys of session tickets (RFC 5077 section 4, RFC 8446 section 4.6.1), made of one secret and the time: instances with the same secret have
 * the same keys and replace them at the same moments, without a word between them. The keys of the slice before and of the one to come are
 * accepted as well, for clients that come late and for clocks that differ.
 *
 * <p>Thread-safe.
 */
final class TicketKeys {

    /** How long a key makes tickets. A ticket lives for two hours at most, so that each is accepted for as long as it lives. */
    static final Duration SLICE = Duration.ofHours(12);

    static final int NAME_BYTES = 16;
    static final int CIPHER_BYTES = 32; // AES-256
    static final int MAC_BYTES = 32; // HMAC-SHA256

    /** As much as the strongest of the keys made of it. */
    static final int LEAST_SECRET = 32;

    /**
     * One slice's.
     *
     * @param name by which a ticket says whose it is; it tells nothing of the rest
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Key(byte[] name, byte[] cipher, byte[] mac) {}

    /** Those that are good now: of this slice, the one before and the next. */
    private record Keys(long slice, List<Key> keys) {}

    private final byte[] secret;
    private final byte[] binding;
    private final Clock clock;
    private volatile Keys current;

    /**
     * Of a secret.
     *
     * @param binding what a session made with them is good for: another one has other keys
     */
    TicketKeys(byte[] secret, byte[] binding, Clock clock) {
        if (secret.length < LEAST_SECRET) {
            throw new IllegalArgumentException(secret.length + " bytes (expected: " + LEAST_SECRET + " at least)");
        }
        this.secret = secret.clone();
        this.binding = binding.clone();
        this.clock = clock;
        this.current = make(slice());
    }

    /** The one tickets are made with now. */
    Key now() {
        return upToDate().keys.getFirst();
    }

    /** The one of this name; nothing if it is too old, or nobody's. */
    Optional<Key> find(byte[] name) {
        return upToDate().keys.stream()
                .filter(key -> MessageDigest.isEqual(key.name, name))
                .findFirst();
    }

    private long slice() {
        return Math.floorDiv(clock.millis(), SLICE.toMillis());
    }

    private Keys upToDate() {
        Keys known = current;
        long slice = slice();
        if (known.slice != slice) {
            known = make(slice); // two may do it at once, and make the same
            current = known;
        }
        return known;
    }

    private Keys make(long slice) {
        return new Keys(slice, List.of(derive(slice), derive(slice - 1), derive(slice + 1)));
    }

    /** HKDF (RFC 5869): one stretch of it for all three parts. */
    private Key derive(long slice) {
        byte[] label = "waffle tickets 1".getBytes(StandardCharsets.US_ASCII);
        byte[] info = ByteBuffer.allocate(label.length + binding.length + Long.BYTES)
                .put(label)
                .put(binding)
                .putLong(slice)
                .array();
        try {
            byte[] bytes = KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(secret)
                            .thenExpand(info, NAME_BYTES + CIPHER_BYTES + MAC_BYTES));
            return new Key(
                    Arrays.copyOf(bytes, NAME_BYTES),
                    Arrays.copyOfRange(bytes, NAME_BYTES, NAME_BYTES + CIPHER_BYTES),
                    Arrays.copyOfRange(bytes, NAME_BYTES + CIPHER_BYTES, bytes.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no HKDF", e);
        }
    }
}
