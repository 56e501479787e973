// SPDX-License-Identifier: Apache-2.0
package io.waffle.tck;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A request to pick for: at first {@code GET /} from 192.0.2.1, the first attempt, with every backend eligible. May be changed and used again,
 * so that tests can count what a pick allocates. Threading: one thread at a time.
 */
public final class FakeRequest implements PickRequest {

    private static final long IPV4_MAPPED = 0xFFFF_0000_0000L;

    /** Names in any case, each with what is to be returned for it: looking one up allocates nothing. */
    private final Map<String, Optional<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private String method = "GET";
    private String target = "/";
    private ClientAddress client = ipv4(0xC000_0201);
    private int attempt = 1;
    private Predicate<Backend> eligible = backend -> true;
    private @Nullable FakeBackend claimed;

    /** {@code GET /} from 192.0.2.1. */
    public FakeRequest() {}

    /** The IPv4 address with these bits. */
    public static ClientAddress ipv4(int bits) {
        return new ClientAddress(0, IPV4_MAPPED | (bits & 0xFFFF_FFFFL));
    }

    /** From now on its method and target. */
    public FakeRequest line(String method, String target) {
        this.method = method;
        this.target = target;
        return this;
    }

    /** From now on this field has this value. */
    public FakeRequest field(String name, String value) {
        fields.put(name, Optional.of(value));
        return this;
    }

    /** From now on it comes from here. */
    public FakeRequest client(ClientAddress client) {
        this.client = client;
        return this;
    }

    /** From now on it is this attempt. */
    public FakeRequest attempt(int attempt) {
        this.attempt = attempt;
        return this;
    }

    /** From now on these are eligible. */
    public FakeRequest eligible(Predicate<Backend> eligible) {
        this.eligible = eligible;
        return this;
    }

    /** Ends a pick as the host does: counts the attempt in, unless it was claimed, and takes back a claim on another backend. */
    public void picked(FakeBackend backend) {
        if (claimed != backend) {
            unclaim();
            backend.countIn();
        }
        claimed = null;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public Optional<String> field(String name) {
        return fields.getOrDefault(name, Optional.empty());
    }

    @Override
    public ClientAddress client() {
        return client;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean isEligible(Backend backend) {
        return eligible.test(backend);
    }

    @Override
    public boolean claim(Backend backend, int inFlight) {
        unclaim();
        if (backend instanceof FakeBackend fake && isEligible(fake) && fake.countIn(inFlight)) {
            claimed = fake;
            return true;
        }
        return false;
    }

    private void unclaim() {
        if (claimed != null) {
            claimed.countOut();
            claimed = null;
        }
    }
}
