// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.admin;

import io.waffle.api.Backend;
import io.waffle.api.ClientAddress;
import io.waffle.api.Outcome;
import io.waffle.api.PickRequest;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.config.BackendConfig;
import io.waffle.server.config.BackendUrl;
import io.waffle.server.config.ConfigLoader;
import io.waffle.server.config.Configs;
import io.waffle.server.config.EjectionConfig;
import io.waffle.server.config.EjectionConfig.AllDown;
import io.waffle.server.config.RouteConfig;
import io.waffle.server.config.WaffleConfig;
import io.waffle.server.discovery.FakeNames;
import io.waffle.server.discovery.Membership;
import io.waffle.server.loop.MemoryBudget;
import io.waffle.server.pool.Policy;
import io.waffle.server.pool.Pool;
import io.waffle.server.pool.PooledBackend;
import io.waffle.server.pool.Stickiness;
import io.waffle.server.route.RouteMatch;
import io.waffle.server.route.RouteRule;
import io.waffle.server.route.RouteTable;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** The API over a real pool, asked without a socket in between. */
final class AdminFixture {

    /** What traffic takes its memory from. */
    final MemoryBudget memory = new MemoryBudget(1600);

    static final String TOKEN = "0123456789abcdef";
    static final int PORT = 9901;

    private static final Outcome REFUSED = new Outcome(Outcome.Kind.CONNECT_FAILED, 0, -1, 1);
    private static final Map<String, String> VARIABLES =
            Map.of("WAFFLE_LB_STRATEGY", "last", "WAFFLE_LIMIT_BACKEND_IN_FLIGHT", "7", "WAFFLE_BACKENDS", "http://a");
    private static final Duration TEN = Duration.ofSeconds(10);

    final AtomicLong nanos = new AtomicLong();
    final List<Runnable> alarms = new ArrayList<>();

    /** What names are looked up in, should they be. */
    final FakeNames names = new FakeNames();

    private final Strategy strategy = new LastOne();
    final Pool pool;
    final Membership membership;
    final AdminApi api;
    boolean stopping;
    private List<RouteConfig> routes;
    int changes;
    List<String> problems = List.of();

    /** With a token, over {@code http://a:80} of weight 5 with labels, and {@code http://b:80/pre%2Ffix@x}. */
    AdminFixture() {
        this(Optional.of(token()));
    }

    AdminFixture(Optional<Token> token) {
        List<BackendConfig> backends = List.of(
                Configs.backend(BackendUrl.of(URI.create("http://a:80")), 5, Map.of("zone", "north")),
                Configs.backend(BackendUrl.of(URI.create("http://b:80/pre%2Ffix@x")), 1, Map.of()));
        pool = new Pool(
                "default",
                List.of(),
                policy(Optional.empty()),
                (delay, task) -> alarms.add(task),
                nanos::get,
                new Random(1));
        membership = new Membership(pool::update, names.resolver(), new Random(1));
        membership.change(none -> backends);
        membership.onChange(() -> changes++);
        WaffleConfig config =
                ConfigLoader.load(Map.of(), VARIABLES, Path.of("")).config();
        routes = config.routes();
        api = AdminApi.of(
                new Administered(
                        () -> List.of(new AdminPool(
                                pool, membership, () -> config.pools().getFirst())),
                        () -> routes(config),
                        this::change,
                        () -> problems,
                        () -> stopping,
                        memory),
                new Gate(() -> token),
                () -> Instant.parse("2026-01-01T00:00:00Z"));
    }

    /** The routes: the one everything goes by. */
    private AdminRoutes routes(WaffleConfig config) {
        RouteConfig only = routes.getFirst();
        return new AdminRoutes(
                RouteTable.of(List.of(new RouteRule<>(only.name(), List.of(RouteMatch.ANY), false, only))),
                routes,
                Map.of(only.name(), config.routes().getFirst()),
                config.listeners(),
                route -> Map.of(),
                (index, request) -> Optional.of(new AdminRoutes.Towards(
                        pool.name(), config.pools().getFirst().loadBalancing().name())));
    }

    private Optional<RouteConfig> change(String name, UnaryOperator<RouteConfig> change) {
        Optional<RouteConfig> found =
                routes.stream().filter(route -> route.name().equals(name)).findFirst();
        found.ifPresent(route -> routes = List.of(change.apply(route)));
        return found;
    }

    private Policy policy(Optional<Stickiness> stickiness) {
        EjectionConfig ejection = Configs.ejection(false, 1, 100, 1_000, TEN, TEN, TEN, 50, AllDown.FAIL);
        return new Policy(strategy, ejection, Duration.ZERO, stickiness);
    }

    /** Keeps clients with their backends in this way from now on, or not at all. */
    void stick(Optional<Stickiness> how) {
        pool.goBy(policy(how));
    }

    /** It can be had from a file only. */
    private static Token token() {
        try {
            Path file = Files.createTempFile("token", "");
            try {
                return Token.load(Files.writeString(file, "\n " + TOKEN + "\n"));
            } finally {
                Files.delete(file);
            }
        } catch (IOException | TokenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request of somebody who may do everything. */
    static Asked ask(String method, String target) {
        Map<String, List<String>> fields = new HashMap<>();
        fields.put("host", List.of("127.0.0.1:" + PORT));
        if (!method.equals("GET")) {
            fields.put("authorization", List.of("Bearer " + TOKEN));
            fields.put("content-type", List.of("application/json"));
        }
        return new Asked(method, target, fields, "");
    }

    Reply answer(Asked asked) {
        return api.answer(asked.call());
    }

    /** The answer to this with a patch of the weight to 9. */
    Reply patch(Asked asked) {
        return patch(asked, "{\"weight\":9}");
    }

    Reply patch(Asked asked, String body) {
        return answer(asked.body(body));
    }

    int weight(String id) {
        return backend(id).config().weight();
    }

    JsonObject get(String target) {
        return json(answer(ask("GET", target)));
    }

    static JsonObject json(Reply reply) {
        return Json.createReader(new StringReader(reply.body())).readObject();
    }

    static String error(Reply reply) {
        return json(reply).getString("error");
    }

    PooledBackend backend(String id) {
        return pool.backends().stream()
                .filter(backend -> backend.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Has a request fail at the last backend, which ejects it. */
    void eject() {
        ExplainedRequest request = new ExplainedRequest("GET", "/", Map.of(), new ClientAddress(0, 1));
        PooledBackend chosen = pool.acquire(request);
        pool.release(request, Objects.requireNonNull(chosen), REFUSED);
    }

    /** What to send. */
    record Asked(String method, String target, Map<String, List<String>> fields, String body) {

        Asked with(String name, String... values) {
            Map<String, List<String>> more = new HashMap<>(fields);
            more.put(name, List.of(values));
            return new Asked(method, target, more, body);
        }

        Asked body(String json) {
            return new Asked(method, target, fields, json);
        }

        Call call() {
            String[] parts = target.split("\\?", 2);
            return new Call(
                    method,
                    parts[0],
                    parts.length > 1 ? parts[1] : "",
                    name -> fields.getOrDefault(name, List.of()),
                    () -> body.getBytes(StandardCharsets.UTF_8),
                    PORT);
        }
    }

    /** The last backend that is eligible, and tells so. */
    private static final class LastOne implements Strategy {

        @Override
        public Picker picker(List<Backend> backends) {
            return new Picker() {
                @Override
                public Backend pick(PickRequest request) {
                    return backends.reversed().stream()
                            .filter(request::isEligible)
                            .findFirst()
                            .orElse(backends.getFirst());
                }

                @Override
                public Optional<Backend> peek(PickRequest request) {
                    return Optional.of(pick(request));
                }
            };
        }
    }
}
