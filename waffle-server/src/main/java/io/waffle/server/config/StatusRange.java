// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

/** Statuses from one to another, both included. */
public record StatusRange(int least, int most) {

    public boolean contains(int status) {
        return status >= least && status <= most;
    }
}
