// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.util.Arrays;

/**
 * The hashes of all beginnings of a path by whole segments, in one pass over it, and that of the whole. The beginning of depth 0 is empty, that of depth 1
 * the first segment. The pass ends where nothing configured is longer or deeper, so that a hostile path costs no more than a usual one. Not thread-safe.
 */
final class PathHashes {

    private long[] hashes = new long[8];
    private int[] ends = new int[8];
    private int depth;
    private long whole;

    /** How many segments were read; one behind a last slash, being empty, is none. */
    int depth() {
        return depth;
    }

    /** Of the first {@code segments} of the path. */
    long hash(int segments) {
        return hashes[segments];
    }

    /** Where they end. */
    int end(int segments) {
        return ends[segments];
    }

    /** Of the whole path, if it is not longer than was asked for. */
    long whole() {
        return whole;
    }

    /**
     * Reads a canonical path.
     *
     * @param deepest how many segments matter
     * @param longest how long a path may be for its whole to matter
     */
    void read(byte[] path, int length, int deepest, int longest) {
        depth = 0;
        hashes[0] = Words.SEED;
        ends[0] = 0;
        if (length == 0 || path[0] != '/') {
            return;
        }
        long hash = Words.SEED;
        int at = 1;
        while (depth < deepest || length <= longest) {
            long word = Words.at(path, at);
            int left = length - at;
            if (left < Long.BYTES) {
                word = Words.low(word, left) | (long) '/' << (left << 3);
            }
            long slashes = Words.zeros(word ^ Words.all('/'));
            if (slashes == 0) {
                hash = Words.mix(hash, word);
                at += Long.BYTES;
                continue;
            }
            int more = Long.numberOfTrailingZeros(slashes) >>> 3;
            hash = Words.mix(hash, Words.low(word, more) | (long) (more + 1) << 56);
            at += more;
            if (path[at - 1] != '/') {
                add(hash, at);
            }
            if (at >= length) {
                whole = hash;
                return;
            }
            at++;
        }
    }

    private void add(long hash, int end) {
        if (++depth == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * depth);
            ends = Arrays.copyOf(ends, 2 * depth);
        }
        hashes[depth] = hash;
        ends[depth] = end;
    }
}
