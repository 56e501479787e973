// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import static io.waffle.server.tls.OpenSsl.INT;
import static io.waffle.server.tls.OpenSsl.PTR;
import static io.waffle.server.tls.OpenSsl.SIZE;
import static io.waffle.server.tls.OpenSsl.call;
import static io.waffle.server.tls.OpenSsl.function;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;

/**
 * Seals and opens session tickets with {@link TicketKeys}, by the same algorithms OpenSSL uses with keys of its own: AES-256-CBC, then
 * HMAC-SHA256 over all of it (RFC 5077 section 4). OpenSSL does that; here it is only told the keys.
 */
@SuppressWarnings("restricted") // this is where foreign code is
final class OpenSslTickets {

    static final int FAILED = -1;
    static final int UNKNOWN = 0; // a full handshake, and a new ticket
    static final int GOOD = 1;
    static final int RENEW = 2; // good, and a new ticket

    /** {@code const EVP_CIPHER *EVP_aes_256_cbc(void)}. */
    private static final MethodHandle AES = function("EVP_aes_256_cbc", PTR);
    /** {@code int EVP_EncryptInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *type, ENGINE *impl, const unsigned char *key, const unsigned char *iv)}. */
    private static final MethodHandle ENCRYPT = function("EVP_EncryptInit_ex", INT, PTR, PTR, PTR, PTR, PTR);
    /** The same for the other direction. */
    private static final MethodHandle DECRYPT = function("EVP_DecryptInit_ex", INT, PTR, PTR, PTR, PTR, PTR);
    /** {@code int EVP_MAC_CTX_set_params(EVP_MAC_CTX *ctx, const OSSL_PARAM params[])}. */
    private static final MethodHandle MAC_PARAMETERS = function("EVP_MAC_CTX_set_params", INT, PTR, PTR);

    private static final int IV_BYTES = 16; // as much as AES has, and EVP_MAX_IV_LENGTH
    private static final int PARAMETER = 40; // sizeof(OSSL_PARAM): key, data_type, data, data_size, return_size
    private static final int UTF8_STRING = 4; // OSSL_PARAM_UTF8_STRING
    private static final int OCTET_STRING = 5; // OSSL_PARAM_OCTET_STRING

    private static final SecureRandom RANDOM = new SecureRandom();

    private OpenSslTickets() {}

    /**
     * Answers {@code int cb(SSL *s, unsigned char key_name[16], unsigned char *iv, EVP_CIPHER_CTX *ctx, EVP_MAC_CTX *hctx, int enc)}.
     *
     * @param sealing true to make a ticket, whose key's name and start are to be written; false to open one, where they are to be read
     */
    static int answer(TicketKeys keys, long keyName, long iv, long cipher, long mac, boolean sealing) {
        MemorySegment name = MemorySegment.ofAddress(keyName).reinterpret(TicketKeys.NAME_BYTES);
        TicketKeys.Key now = keys.now();
        if (sealing) {
            byte[] start = new byte[IV_BYTES];
            RANDOM.nextBytes(start);
            MemorySegment.ofAddress(iv).reinterpret(IV_BYTES).copyFrom(MemorySegment.ofArray(start));
            name.copyFrom(MemorySegment.ofArray(now.name()));
            return set(ENCRYPT, now, iv, cipher, mac) ? GOOD : FAILED;
        }
        Optional<TicketKeys.Key> known = keys.find(name.toArray(ValueLayout.JAVA_BYTE));
        if (known.isEmpty()) {
            return UNKNOWN;
        }
        if (!set(DECRYPT, known.get(), iv, cipher, mac)) {
            return FAILED;
        }
        return Arrays.equals(known.get().name(), now.name()) ? GOOD : RENEW;
    }

    private static boolean set(MethodHandle direction, TicketKeys.Key key, long iv, long cipher, long mac) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secret = arena.allocateFrom(ValueLayout.JAVA_BYTE, key.cipher());
            MemorySegment macSecret = arena.allocateFrom(ValueLayout.JAVA_BYTE, key.mac());
            try {
                MemorySegment parameters =
                        arena.allocate(3 * PARAMETER, PTR.byteSize()); // the third, all zero, ends them
                put(parameters, 0, arena.allocateFrom("key"), OCTET_STRING, macSecret, key.mac().length);
                MemorySegment digest = arena.allocateFrom("SHA256", StandardCharsets.US_ASCII);
                put(parameters, PARAMETER, arena.allocateFrom("digest"), UTF8_STRING, digest, digest.byteSize() - 1);
                return (int) call(direction, cipher, call(AES), 0L, secret.address(), iv) == 1
                        && (int) call(MAC_PARAMETERS, mac, parameters.address()) == 1;
            } finally {
                secret.fill((byte) 0);
                macSecret.fill((byte) 0);
            }
        }
    }

    private static void put(
            MemorySegment parameters, long at, MemorySegment name, int type, MemorySegment data, long length) {
        parameters.set(PTR, at, name.address());
        parameters.set(INT, at + 8, type);
        parameters.set(PTR, at + 16, data.address());
        parameters.set(SIZE, at + 24, length);
    }
}
