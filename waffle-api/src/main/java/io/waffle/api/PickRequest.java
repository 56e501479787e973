// SPDX-License-Identifier: Apache-2.0
package io.waffle.api;

import java.util.Optional;

/**
 * What a {@link Picker} may know about the request. Implemented by the host, valid only during the call of {@link Picker#pick}, and only on
 * its thread: do not keep it.
 */
public interface PickRequest {

    /** The method, as received: case-sensitive. */
    String method();

    /** The path and query of the target in origin-form, as received, with nothing decoded; {@code *} for {@code OPTIONS *}. */
    String target();

    /**
     * The value of the first field line of this name, without the white space around it; bytes above 0x7F appear as ISO-8859-1. To read a
     * short value that came before, in this request or in others of late, allocates nothing.
     *
     * @param name letter case does not matter
     */
    Optional<String> field(String name);

    /**
     * The address of the client, as far as it can be trusted: the peer, or what a trusted proxy in front says. {@link ClientAddress#NONE} if it came
     * by a Unix domain socket, and nobody who is trusted says more.
     */
    ClientAddress client();

    /** 1 for the first attempt of a request, 2 for its first repetition, and so on. */
    int attempt();

    /** Whether this backend may be chosen now: it is up, not full, and was not tried for this request before. */
    boolean isEligible(Backend backend);

    /**
     * Counts this attempt in at once, if the backend is eligible and has exactly this many in flight. For strategies that must be exact
     * under concurrency: of two picks that saw the same least loaded backend, one gets it, the other is told to look again. A claim on a
     * backend that is then not returned from {@link Picker#pick}, or is followed by another, is taken back. Optional: without a claim, the
     * host counts the attempt in after the pick.
     *
     * @param inFlight what {@link Backend#inFlight()} returned
     * @return false if the number has changed meanwhile, or the backend is not eligible
     */
    boolean claim(Backend backend, int inFlight);
}
