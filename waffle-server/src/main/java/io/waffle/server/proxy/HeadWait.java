// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

/** A client's wait as its exchange sees it: told when it waits for the rest of a head, which it may have to give up for the sake of others. */
interface HeadWait {

    /** Only a part of a head has come; returns when its first byte was seen, as {@link io.waffle.server.loop.Deadline#now}. */
    long headBegins();

    /** It is whole. */
    void headEnds();

    /** Whether others need the place more. */
    boolean givesWay();

    /** Whether it was closed by a stop that would wait no longer. */
    boolean isStopped();
}
