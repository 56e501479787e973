// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A strategy, held so that nothing it does can cost a request: whatever it throws ends here, and whatever it picks wrongly is replaced. See
 * ADR 0005.
 *
 * <p>Every {@link Throwable} is caught, errors too: a plugin with a class missing fails by {@link LinkageError}, one without an end to its
 * recursion by {@link StackOverflowError}; and an {@link OutOfMemoryError} that is not only the plugin's will come again where it belongs.
 *
 * <p>Threading: as {@link Strategy}, whose calls this passes on.
 */
final class GuardedStrategy {

    private final Strategy strategy;
    private final Rotation rotation;
    private final Quarantine quarantine;
    private final AtomicLong faults = new AtomicLong();
    private final FaultLog faultLog;
    private final FaultLog quarantineLog;

    /** Whether the last picker could not be had; guarded by the lock of the pool. */
    private boolean pickerMissing;

    GuardedStrategy(String pool, Strategy strategy, LongSupplier nanoTime, Rotation rotation) {
        this.strategy = strategy;
        this.rotation = rotation;
        quarantine = new Quarantine(nanoTime);
        String prefix = "pool " + pool + ": strategy " + strategy.getClass().getName() + ": ";
        faultLog = new FaultLog(prefix, nanoTime);
        quarantineLog = new FaultLog(prefix, nanoTime);
    }

    long faults() {
        return faults.get();
    }

    boolean isQuarantined() {
        return quarantine.isShut();
    }

    /** Whether it is time to ask again for a picker that could not be had; true for one caller per interval. */
    boolean tryProbe() {
        return quarantine.tryProbe();
    }

    /** The strategy's picker; null if it could not make one, which puts it into quarantine, or if there is nothing to pick. */
    @Nullable
    Picker picker(List<PooledBackend> members) {
        if (members.isEmpty()) {
            return null;
        }
        try {
            @Nullable Picker picker = strategy.picker(List.<Backend>copyOf(members));
            if (picker != null) {
                if (pickerMissing && quarantine.admit()) {
                    quarantineLog.warn("out of quarantine: it makes pickers again", null);
                }
                pickerMissing = false;
                return picker;
            }
            fault("returned no picker", null);
        } catch (Throwable fault) {
            fault("could not make a picker", fault);
        }
        pickerMissing = true;
        if (quarantine.shut()) {
            quarantineLog.warn("in quarantine, requests are balanced round robin until it makes a picker", null);
        }
        return null;
    }

    /**
     * Chooses; called during an attempt of the request.
     *
     * @return null only if no member is open any more
     */
    @Nullable
    PooledBackend pick(Snapshot snapshot, PickContext request) {
        Picker picker = snapshot.picker();
        boolean probing = quarantine.isShut();
        if (picker == null || (probing && !quarantine.tryProbe())) {
            return fallBack(snapshot, request);
        }
        PooledBackend picked = tryPick(picker, snapshot, request);
        if (picked == null) {
            return fallBack(snapshot, request);
        }
        if (probing && quarantine.admit()) {
            quarantineLog.warn("out of quarantine: it picks again", null);
        }
        if (request.isOpen(picked)) {
            return picked;
        }
        request.fallBack();
        return snapshot.nextOpen(request, snapshot.members().indexOf(picked) + 1);
    }

    private @Nullable PooledBackend fallBack(Snapshot snapshot, PickContext request) {
        request.fallBack();
        return rotation.next(snapshot, request);
    }

    /**
     * What {@link #pick} would choose; called during an attempt that is never made. Moves nothing, and asks for no probe: a strategy that fails
     * when it is asked this may pick well all the same.
     */
    Explanation.Told peek(Snapshot snapshot, PickContext request) {
        Picker picker = snapshot.picker();
        if (picker == null || quarantine.isShut()) {
            return told(rotation.peek(snapshot, request), Explanation.Why.FALLBACK);
        }
        try {
            Optional<Backend> peeked = picker.peek(new Hypothesis(request));
            if (peeked.isEmpty()) {
                return told(null, Explanation.Why.UNTOLD);
            }
            if (peeked.get() instanceof PooledBackend own && request.isOfPool(own) && isOfSnapshot(own, snapshot)) {
                return request.isOpen(own)
                        ? told(own, Explanation.Why.POLICY)
                        : told(
                                snapshot.nextOpen(request, snapshot.members().indexOf(own) + 1),
                                Explanation.Why.FALLBACK);
            }
            fault("told of what is not of the pool: " + peeked.get().getClass().getName(), null);
        } catch (Throwable fault) {
            fault("failed to tell what it would pick", fault);
        }
        return told(null, Explanation.Why.FAULT);
    }

    private static Explanation.Told told(@Nullable PooledBackend choice, Explanation.Why why) {
        return new Explanation.Told(Optional.ofNullable(choice), why);
    }

    void started(PooledBackend backend) {
        try {
            strategy.started(backend);
        } catch (Throwable fault) {
            fault("failed in started(" + backend.id() + ")", fault);
        }
    }

    void completed(PooledBackend backend, Outcome outcome) {
        try {
            strategy.completed(backend, outcome);
        } catch (Throwable fault) {
            fault("failed in completed(" + backend.id() + ")", fault);
        }
    }

    void close() {
        try {
            strategy.close();
        } catch (Throwable fault) {
            fault("failed in close()", fault);
        }
    }

    /** What the strategy picked, open or not; null if that is not a backend of this snapshot, or there was a fault. */
    private @Nullable PooledBackend tryPick(Picker picker, Snapshot snapshot, PickContext request) {
        try {
            @Nullable Backend picked = picker.pick(request);
            if (picked instanceof PooledBackend own && request.isOfPool(own) && isOfSnapshot(own, snapshot)) {
                return own;
            }
            pickFault(
                    picked == null
                            ? "picked null"
                            : "picked what is not of the pool: "
                                    + picked.getClass().getName(),
                    null);
        } catch (Throwable fault) {
            pickFault("failed to pick", fault);
        }
        return null;
    }

    /** A backend that has left is still right for the picker of a snapshot that has it. */
    private static boolean isOfSnapshot(PooledBackend picked, Snapshot snapshot) {
        return picked.isMember() || snapshot.members().contains(picked);
    }

    private void pickFault(String what, @Nullable Throwable fault) {
        fault(what, fault);
        if (quarantine.fault()) {
            quarantineLog.warn("in quarantine, requests are balanced round robin until it picks without a fault", null);
        }
    }

    private void fault(String what, @Nullable Throwable fault) {
        faults.incrementAndGet();
        faultLog.warn(what, fault);
    }
}
