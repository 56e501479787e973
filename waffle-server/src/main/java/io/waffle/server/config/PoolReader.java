// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;

/** Reads a pool, from its section or from the top. */
final class PoolReader extends SectionReader {

    /** Whether clients may come over https. */
    private final boolean overHttps;

    PoolReader(Values values, Sources sources, Collection<Problem> problems, boolean overHttps) {
        super(values, sources, problems);
        this.overHttps = overHttps;
    }

    /** A pool, and where its values come from. */
    record Read(PoolConfig config, Origins origins) {}

    Read read(String name) {
        StrategyOptions.Read strategy = new StrategyOptions(values, sources, problems).read();
        PoolConfig config = new PoolConfig(
                name,
                new BackendList(values, problems).read(sources),
                dns(),
                strategy.config(),
                new TlsOptions(values, sources, problems).ofBackends(),
                sticky(),
                limits(),
                timeouts(),
                health(),
                ejection(),
                values.get(HealthSettings.SLOW_START),
                proxyProtocol());
        return new Read(config, new Origins(values.origins(), strategy.origins()));
    }

    DnsConfig dns() {
        return new DnsConfig(
                values.get(BackendSettings.DNS_INTERVAL),
                values.get(BackendSettings.DNS_GRACE),
                values.list(BackendSettings.DNS_SERVERS));
    }

    private StickyConfig sticky() {
        StickyConfig sticky = new StickyConfig(
                values.find(StickySettings.COOKIE),
                values.files(StickySettings.KEY_FILE),
                values.get(StickySettings.MAX_AGE),
                values.get(StickySettings.PATH),
                values.get(StickySettings.SAME_SITE),
                values.get(StickySettings.DRAIN),
                values.get(StickySettings.CACHEABLE));
        for (Path file : sticky.keyFiles()) {
            SecretFile.problem(file)
                    .ifPresent(expected -> refuse(StickySettings.KEY_FILE, Optional.of(file), expected));
        }
        if (sticky.enabled() && sticky.sameSite() == StickyConfig.SameSite.NONE && !overHttps) {
            problems.add(Problem.of(
                    values.origin(StickySettings.SAME_SITE),
                    "none",
                    TlsSettings.CERT.name() + " with it, or " + ForwardingSettings.TRUSTED_PROXIES.name()
                            + "; browsers take such a cookie over https only"));
        }
        sticky.cookie().flatMap(name -> unkept(name, sticky)).ifPresent(problems::add);
        return sticky;
    }

    /** What the name of a cookie promises, and it would not keep: browsers do not take it then (RFC 6265bis section 4.1.3). */
    private Optional<Problem> unkept(String name, StickyConfig sticky) {
        String expected = "";
        if (StickyConfig.isForHttps(name) && !overHttps) {
            expected = TlsSettings.CERT.name() + " with it, or " + ForwardingSettings.TRUSTED_PROXIES.name()
                    + "; browsers take a cookie of this name over https only";
        } else if (StickyConfig.isForHost(name) && !sticky.path().equals("/")) {
            expected =
                    StickySettings.PATH.name() + " / with it; browsers take a cookie of this name for all paths only";
        }
        return expected.isEmpty()
                ? Optional.empty()
                : Optional.of(Problem.of(values.origin(StickySettings.COOKIE), name, expected));
    }

    private HealthConfig health() {
        return new HealthConfig(
                values.get(HealthSettings.KIND),
                values.find(HealthSettings.PATH),
                values.get(HealthSettings.METHOD),
                values.find(HealthSettings.HOST),
                values.get(HealthSettings.STATUSES),
                values.find(HealthSettings.BODY),
                values.get(HealthSettings.INTERVAL),
                values.get(HealthSettings.TIMEOUT),
                values.get(HealthSettings.RISE),
                values.get(HealthSettings.FALL),
                values.get(HealthSettings.CONCURRENCY),
                values.get(HealthSettings.DISABLED));
    }

    private EjectionConfig ejection() {
        EjectionConfig ejection = new EjectionConfig(
                values.get(HealthSettings.EJECTION_DISABLED),
                values.get(HealthSettings.EJECTION_FAILURES),
                values.get(HealthSettings.EJECTION_PERCENT),
                values.get(HealthSettings.EJECTION_VOLUME),
                values.get(HealthSettings.EJECTION_WINDOW),
                values.get(HealthSettings.EJECTION_TIME),
                values.get(HealthSettings.EJECTION_MAX_TIME),
                values.get(HealthSettings.EJECTION_MAX_PERCENT),
                values.get(HealthSettings.ALL_DOWN),
                Set.copyOf(values.list(HealthSettings.EJECTION_STATUSES)));
        if (ejection.time().compareTo(ejection.maxTime()) > 0) {
            refuseOrder(
                    HealthSettings.EJECTION_TIME,
                    HealthSettings.EJECTION_MAX_TIME,
                    ejection.time().toMillis() + " ms of at most "
                            + ejection.maxTime().toMillis() + " ms");
        }
        return ejection;
    }
}
