// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Who knows where a name is, in the order of a host: the hosts file, then the name servers. What those do not know, or not soon, is asked of
 * the host's own resolver as well, which may know by other means (mDNS, a directory, a service manager); the first who knows counts.
 *
 * <p>Threading: any thread.
 */
final class NameServices implements Source {

    /** Java's own name for a hosts file that is all there is. */
    private static final Optional<Path> ONLY_HOSTS =
            Optional.ofNullable(System.getProperty("jdk.net.hosts.file")).map(Path::of);

    /** So long name servers are asked alone. */
    private static final Duration ALONE = Duration.ofSeconds(1);

    private static final String LOCALHOST = "localhost";

    private final Reread<HostsFile> hosts;
    private final Optional<Source> servers;
    private final Optional<Source> host;

    /** As the host is configured. */
    NameServices() {
        this(
                ONLY_HOSTS.isPresent() ? Optional.empty() : Optional.of(new DnsSource(resolvConf())),
                ONLY_HOSTS.isPresent() ? Optional.empty() : Optional.of(HostSource::look));
    }

    /** By these servers, and nothing else but the hosts file. */
    NameServices(List<InetSocketAddress> servers) {
        this(Optional.of(new DnsSource(() -> ResolvConf.of(servers))), Optional.empty());
    }

    NameServices(Optional<Source> servers, Optional<Source> host) {
        this.hosts = new Reread<>(ONLY_HOSTS.orElse(Path.of("/etc/hosts")), HostsFile::parse);
        this.servers = servers;
        this.host = host;
    }

    private static Supplier<ResolvConf> resolvConf() {
        return new Reread<>(Path.of("/etc/resolv.conf"), ResolvConf::parse)::get;
    }

    @Override
    public CompletableFuture<Answer> look(String name) {
        return look(name, Optional.empty());
    }

    @Override
    public CompletableFuture<Answer> look(String name, Optional<DnsMessage.Type> inUse) {
        String lower = name.toLowerCase(Locale.ROOT);
        String bare = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        List<InetAddress> local = hosts.get().addresses(bare);
        if (local.isEmpty() && (bare.equals(LOCALHOST) || bare.endsWith("." + LOCALHOST))) {
            local = List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1")); // RFC 6761 section 6.3
        }
        if (!local.isEmpty()) {
            return CompletableFuture.completedFuture(Answer.of(local, Duration.ZERO));
        }
        if (servers.isEmpty()) {
            return CompletableFuture.completedFuture(Answer.SILENCE);
        }
        CompletableFuture<Answer> asked = servers.get().look(lower, inUse);
        return host.isEmpty() ? asked : orOf(host.get(), lower, asked);
    }

    private static CompletableFuture<Answer> orOf(Source host, String name, CompletableFuture<Answer> asked) {
        return asked.copy()
                .completeOnTimeout(Answer.SILENCE, ALONE.toNanos(), TimeUnit.NANOSECONDS)
                .thenCompose(early -> early.resolves() ? asked : firstThatResolves(asked, host.look(name)));
    }

    private static CompletableFuture<Answer> firstThatResolves(
            CompletableFuture<Answer> one, CompletableFuture<Answer> other) {
        return one.applyToEither(other, first -> first)
                .thenCompose(first -> first.resolves()
                        ? CompletableFuture.completedFuture(first)
                        : one.thenCombine(other, (a, b) -> a.resolves() ? a : b));
    }
}
