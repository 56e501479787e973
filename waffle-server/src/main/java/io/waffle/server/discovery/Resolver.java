// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.discovery;

import io.waffle.server.config.Host;
import io.waffle.server.loop.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up, and never on the thread that asks: that one waits, as long as it wants to. Of one name there is one look-up at a time, and for connections at most one a second. One that takes long is not given up: its answer counts when it
 * comes.
 *
 * <p>Threading: any thread, those of loops too.
 */
public final class Resolver {

    /** So long what was learned is not asked for again, however many connections are opened. */
    private static final Duration MEMORY = Duration.ofSeconds(1);

    private volatile Source source;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    private volatile List<InetSocketAddress> asked = List.of();

    private record Look(CompletableFuture<Answer> answer, long begun) {

        boolean isUnderWay() {
            return !answer.isDone();
        }

        boolean isRemembered() {
            return isUnderWay() || Deadline.now() - begun < MEMORY.toNanos();
        }
    }

    /** By what the host is configured to. */
    public Resolver() {
        this(new NameServices());
    }

    Resolver(Source source) {
        this.source = source;
    }

    /** Asks these name servers from now on, and none else; if there are none, those the host is configured to. */
    public void ask(List<InetSocketAddress> servers) {
        if (!servers.equals(asked)) {
            asked = List.copyOf(servers);
            source = servers.isEmpty() ? new NameServices() : new NameServices(servers);
        }
    }

    /**
     * Where the host is, in the order in which to try; an address is where it says, without a question.
     *
     * @param deadline as for a {@link io.waffle.server.loop.Channel}
     * @throws UnknownHostException if the name does not resolve
     * @throws SocketTimeoutException if the deadline passes first
     */
    public List<InetAddress> addresses(Host host, long deadline) throws IOException {
        return host instanceof Host.Address address ? List.of(address.at()) : await(host.text(), deadline);
    }

    /** What is learned of the name next; never fails. Of the kind that is not in use only as {@link Source} has it. */
    CompletableFuture<Answer> look(String name, Optional<DnsMessage.Type> inUse) {
        return looks.compute(name, (same, last) -> last != null && last.isUnderWay() ? last : begin(name, inUse))
                .answer;
    }

    /** Forgets what was learned of these names; who wants to know looks again. */
    void forget(Collection<String> names) {
        names.forEach(looks::remove);
    }

    private Look begin(String name, Optional<DnsMessage.Type> inUse) {
        return new Look(source.look(name, inUse), Deadline.now());
    }

    private List<InetAddress> await(String name, long deadline) throws IOException {
        CompletableFuture<Answer> look = looks.compute(
                        name,
                        (same, last) -> last != null && last.isRemembered() ? last : begin(name, Optional.empty()))
                .answer;
        try {
            List<InetAddress> addresses = (deadline == Deadline.NONE
                            ? look.get()
                            : look.get(deadline - Deadline.now(), TimeUnit.NANOSECONDS))
                    .all();
            if (addresses.isEmpty()) {
                throw new UnknownHostException(name + " does not resolve");
            }
            return addresses;
        } catch (TimeoutException e) {
            throw new SocketTimeoutException("no answer of a name server for " + name);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw new IOException(e);
        }
    }
}
