// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.List;
import java.util.Optional;

/** A whole response, and the interim ones that came before it. */
record Response(List<Head> interim, Head head, Body body) {

    int status() {
        return head.status();
    }

    String text() {
        return body.text();
    }

    Optional<String> value(String name) {
        return head.value(name);
    }

    boolean announcesClose() {
        return head.lists("Connection", "close");
    }
}
