// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold however the bytes of a head are cut up, and whatever bytes come. */
final class HeadPropertyTest {

    private static final HeadLimits SMALL = new HeadLimits(64, 256, 8);
    private static final int MUTATIONS = 100_000;

    @ParameterizedTest
    @MethodSource("everyCase")
    void isTheSameInTwoPartsAsInOne(Wire.Case c, Supplier<Head> heads) {
        byte[] bytes = Wire.bytes(c.wire());
        String whole = outcome(heads.get(), bytes, bytes.length, bytes.length);
        for (int cut = 0; cut < bytes.length; cut++) {
            assertEquals(whole, outcome(heads.get(), bytes, cut, bytes.length), "cut at " + cut);
        }
    }

    @ParameterizedTest
    @MethodSource("everyCase")
    void isTheSameByteByByte(Wire.Case c, Supplier<Head> heads) {
        byte[] bytes = Wire.bytes(c.wire());
        int[] steps = new int[bytes.length + 1];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = i;
        }
        assertEquals(outcome(heads.get(), bytes, bytes.length), outcome(heads.get(), bytes, steps));
    }

    /** A buffer that ends where the input does turns any look past the end into an exception that is no HeadException. */
    @ParameterizedTest
    @MethodSource("bothKinds")
    void survivesAnyBytes(String table, Head head) {
        SplittableRandom random = new SplittableRandom(20_261_123);
        List<byte[]> seeds =
                Wire.table(table).stream().map(c -> Wire.bytes(c.wire())).toList();
        int accepted = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] bytes = mutate(seeds.get(random.nextInt(seeds.size())), random);
            head.reset();
            int cut = random.nextInt(bytes.length + 1);
            if (!outcome(head, bytes, cut, bytes.length).startsWith("refused")) {
                accepted++;
            }
        }
        assertTrue(accepted > MUTATIONS / 100 && accepted < MUTATIONS, "accepted " + accepted);
    }

    private static String outcome(Head head, byte[] bytes, int... ends) {
        int length = -1;
        try {
            for (int end : ends) {
                if (length < 0) {
                    ByteBuffer buf = ByteBuffer.allocate(end); // never holds more than has come
                    buf.put(0, bytes, 0, end);
                    length = head.parse(buf, end);
                }
            }
        } catch (HeadException e) {
            return "refused with " + e.status() + " " + e.getMessage();
        }
        return length < 0 ? "incomplete" : describe(head, length);
    }

    private static String describe(Head head, int length) {
        StringBuilder text = new StringBuilder("length " + length + " " + head.framing() + head.contentLength());
        for (int i = 0; i < head.fieldCount(); i++) {
            text.append('\n').append(head.name(i)).append('=').append(head.value(i));
            text.append(head.known(i)).append(head.isDropped(i));
        }
        if (head instanceof RequestHead request) {
            text.append(request.method()).append(request.path()).append(request.upgrade());
        }
        return text.toString();
    }

    private static byte[] mutate(byte[] seed, SplittableRandom random) {
        byte[] bytes = seed.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "\r\n :,\t\0/[]%0#*".charAt(random.nextInt(14));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                default -> System.arraycopy(seed, 0, bytes, at, Math.min(seed.length, bytes.length - at));
            }
        }
        return bytes;
    }

    private static Stream<Arguments> everyCase() {
        Supplier<Head> requests = () -> new RequestHead(HeadLimits.DEFAULT);
        Supplier<Head> responses = () -> new ResponseHead(HeadLimits.DEFAULT);
        return Stream.concat(
                Wire.table("request-heads.txt").stream().map(c -> arguments(c, requests)),
                Wire.table("response-heads.txt").stream().map(c -> arguments(c, responses)));
    }

    private static Stream<Arguments> bothKinds() {
        return Stream.of(
                arguments("request-heads.txt", new RequestHead(SMALL)),
                arguments("response-heads.txt", new ResponseHead(SMALL)));
    }

    private static Arguments arguments(Object... arguments) {
        return Arguments.of(arguments);
    }
}
