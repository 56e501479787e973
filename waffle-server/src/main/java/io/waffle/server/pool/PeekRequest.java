// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.PickRequest;
import java.util.Optional;

/** A request as a strategy sees it that is asked what it would pick: all the same, but it lets nothing be claimed. */
record PeekRequest(PickContext request) implements PickRequest {

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String target() {
        return request.target();
    }

    @Override
    public Optional<String> field(String name) {
        return request.field(name);
    }

    @Override
    public ClientAddress client() {
        return request.client();
    }

    @Override
    public int attempt() {
        return request.attempt();
    }

    @Override
    public boolean isEligible(Backend backend) {
        return request.isEligible(backend);
    }

    @Override
    public boolean claim(Backend backend, int inFlight) {
        return false;
    }
}
