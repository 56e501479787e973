// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.tls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which certificates are shown to who asks for a name: those for this very name, else those with a wildcard in place of its first label, else the
 * default, or none. Of one name there may be several, one of each kind of key; what the client can verify decides between those. Immutable.
 */
final class CertificateTable {

    private static final String DEFAULT = "default";

    private final Map<String, List<NamedCertificate>> exact = new HashMap<>();

    /** By what is behind the star and the dot. */
    private final Map<String, List<NamedCertificate>> wildcards = new HashMap<>();

    private final List<NamedCertificate> fallback;
    private final boolean refuses;
    private final List<String> warnings = new ArrayList<>();

    /**
     * Of these.
     *
     * @param certificates at least one, in the order of their names
     * @param first the default one; null for {@code default} among them, or else the first of them
     * @param refuses whether who asks for another name, or none, is refused
     */
    CertificateTable(
            List<NamedCertificate> certificates, @Nullable NamedCertificate first, boolean refuses, Instant now) {
        this.refuses = refuses;
        List<NamedCertificate> best = certificates.stream()
                .sorted(Comparator.comparing((NamedCertificate one) -> one.isValid(now))
                        .thenComparing(one -> one.facts().to())
                        .reversed())
                .toList();
        best.forEach(this::add);
        NamedCertificate shown = first != null ? first : byDefault(certificates);
        this.fallback = withOtherKinds(shown);
        Set<NamedCertificate> unreachable = new HashSet<>(certificates);
        exact.values().forEach(unreachable::removeAll);
        wildcards.values().forEach(unreachable::removeAll);
        fallback.forEach(unreachable::remove);
        certificates.stream()
                .filter(unreachable::contains)
                .forEach(one -> warnings.add(one.file() + ": never shown: "
                        + (one.facts().names().isEmpty()
                                ? "it is for no DNS name"
                                : "others for " + String.join(", ", one.facts().names()) + " are valid for longer")));
    }

    private static NamedCertificate byDefault(List<NamedCertificate> certificates) {
        return certificates.stream()
                .filter(one -> one.name().equals(DEFAULT))
                .findFirst()
                .orElse(certificates.getFirst());
    }

    /** The better ones come first: of two for the same name and of the same kind, the one that is valid, and for longer, is shown. */
    private void add(NamedCertificate certificate) {
        for (String name : certificate.facts().names()) {
            boolean wildcard = name.startsWith(ServerNames.WILDCARD);
            Map<String, List<NamedCertificate>> table = wildcard ? wildcards : exact;
            String key = wildcard ? name.substring(ServerNames.WILDCARD.length()) : name;
            List<NamedCertificate> before = table.getOrDefault(key, List.of());
            if (before.stream().noneMatch(one -> isSameKind(one, certificate))) {
                table.put(key, plus(before, certificate));
            }
        }
    }

    /** Lists of exactly one are the rule, and take no more than they need. */
    private static List<NamedCertificate> plus(List<NamedCertificate> before, NamedCertificate one) {
        List<NamedCertificate> both = new ArrayList<>(before);
        both.add(one);
        return List.copyOf(both);
    }

    private static boolean isSameKind(NamedCertificate one, NamedCertificate other) {
        return one.facts().keyAlgorithm().equals(other.facts().keyAlgorithm());
    }

    /** The default's name may have certificates of other kinds, which serve for it as well. */
    private List<NamedCertificate> withOtherKinds(NamedCertificate shown) {
        List<NamedCertificate> kinds = new ArrayList<>(List.of(shown));
        shown.facts().names().stream()
                .flatMap(name -> known(name).stream())
                .filter(one -> kinds.stream().noneMatch(other -> isSameKind(one, other)))
                .forEach(kinds::add);
        return List.copyOf(kinds);
    }

    /** Those for this name, in a canonical form, or for any in its place; none if nobody has it. */
    private List<NamedCertificate> known(String name) {
        List<NamedCertificate> own = exact.getOrDefault(name, List.of());
        return own.isEmpty() ? wildcards.getOrDefault(ServerNames.parent(name), List.of()) : own;
    }

    /** Whether there is one for this name. */
    boolean knows(String asked) {
        return !known(ServerNames.canonical(asked)).isEmpty();
    }

    /** Whether who asks for this name is sent away. */
    boolean refuses(@Nullable String asked) {
        return refuses && (asked == null || !knows(asked));
    }

    /**
     * What to show, one of each kind of key.
     *
     * @param asked as the client has it; null if it asks for no name
     */
    List<NamedCertificate> of(@Nullable String asked) {
        List<NamedCertificate> own = asked == null ? List.of() : known(ServerNames.canonical(asked));
        return own.isEmpty() ? fallback : own;
    }

    /** What is shown to who asks for nothing that is known. */
    List<NamedCertificate> fallback() {
        return fallback;
    }

    /** Whether it treats unknown names as the other one does: by the same default, or none. */
    boolean isLike(@Nullable CertificateTable other) {
        return other != null
                && refuses == other.refuses
                && fallback.getFirst().files().equals(other.fallback.getFirst().files());
    }

    /** One line each. */
    List<String> warnings() {
        return warnings;
    }
}
