// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

/** A field line as it stood on the wire, its value trimmed. */
record Field(String name, String value) {

    boolean is(String other) {
        return name.equalsIgnoreCase(other);
    }
}
