// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;

/** The deadline of a channel passed while somebody waited for it. Carries no stack trace: it is an ordinary event. */
public final class DeadlineException extends IOException {

    private static final long serialVersionUID = 1;

    private final transient Channel channel;

    public DeadlineException(Channel channel) {
        super("deadline passed");
        this.channel = channel;
    }

    /** Whether it was this channel that was too slow. */
    public boolean of(Channel other) {
        return channel == other;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
