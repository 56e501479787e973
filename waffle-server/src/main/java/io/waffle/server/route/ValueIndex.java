// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Candidates by the text that one field has to have. Immutable. */
final class ValueIndex {

    private final FieldKind kind;
    private final int number;
    private final byte[][] texts;
    private final int[][] places;
    private int longest;
    private int checks;

    ValueIndex(List<Integer> all, FieldCheck field, Candidate[] candidates) {
        kind = field.kind();
        number = field.number();
        Map<String, List<Integer>> byText = new LinkedHashMap<>();
        for (int place : all) {
            byte[] text = candidates[place].textOf(field);
            if (text == null) {
                throw new IllegalArgumentException("place: " + place);
            }
            byText.computeIfAbsent(RouteExplainer.text(text, text.length), key -> new ArrayList<>())
                    .add(place);
        }
        texts = new byte[4 * Integer.highestOneBit(byText.size())][];
        places = new int[texts.length][];
        byText.forEach((text, same) -> put(same, text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    int checks() {
        return checks;
    }

    /** The place of the candidate that wins, if that is better than the best so far, else that. */
    int find(RouteQuery query, long method, Candidate[] candidates, int best) {
        int start = query.valueStart(kind, number);
        int end = start < 0 ? start : query.valueEnd(kind, number);
        if (start < 0 || end - start > longest) {
            return best;
        }
        byte[] in = query.values();
        int slot = (int) hash(in, start, end) & (texts.length - 1);
        while (texts[slot] != null) {
            if (Arrays.equals(in, start, end, texts[slot], 0, texts[slot].length)) {
                return first(places[slot], query, method, candidates, best);
            }
            slot = (slot + 1) & (texts.length - 1);
        }
        return best;
    }

    private static int first(int[] places, RouteQuery query, long method, Candidate[] candidates, int best) {
        for (int place : places) {
            if (place >= best) {
                break;
            }
            if (candidates[place].holdsHere(query, method)) {
                return place;
            }
        }
        return best;
    }

    private void put(List<Integer> same, byte[] text) {
        longest = Math.max(longest, text.length);
        checks = Math.max(checks, same.size());
        int slot = (int) hash(text, 0, text.length) & (texts.length - 1);
        while (texts[slot] != null) {
            slot = (slot + 1) & (texts.length - 1);
        }
        texts[slot] = text;
        places[slot] = same.stream().mapToInt(Integer::intValue).toArray();
    }

    private static long hash(byte[] in, int from, int to) {
        long hash = Words.SEED;
        for (int i = from; i < to; i++) {
            hash = Words.mix(hash, in[i]);
        }
        return hash;
    }
}
