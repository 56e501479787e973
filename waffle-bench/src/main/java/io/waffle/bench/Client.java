// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The requests of one thread: always the same object, as the server does it, from one of 65,536 addresses after the other. */
@State(Scope.Thread)
public class Client implements PickRequest {

    private final ClientAddress[] addresses = new ClientAddress[1 << 16];
    private int next;
    private @Nullable IdleBackend claimed;

    /** Makes the addresses beforehand: they are no part of a pick. */
    public Client() {
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = new ClientAddress(0, 0xFFFF_0A00_0000L | i);
        }
    }

    Backend pick(Picker picker) {
        next++;
        Backend picked = picker.pick(this);
        if (claimed != null) {
            claimed.countOut();
            claimed = null;
        }
        return picked;
    }

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public String target() {
        return "/";
    }

    @Override
    public Optional<String> field(String name) {
        return Optional.empty();
    }

    @Override
    public ClientAddress client() {
        return addresses[next & addresses.length - 1];
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean isEligible(Backend backend) {
        return ((IdleBackend) backend).isUp();
    }

    @Override
    public boolean claim(Backend backend, int inFlight) {
        IdleBackend own = (IdleBackend) backend;
        claimed = own.countIn(inFlight) ? own : null;
        return claimed != null;
    }
}
