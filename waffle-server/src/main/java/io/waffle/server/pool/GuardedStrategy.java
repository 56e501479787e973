// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.pool;

import io.waffle.api.Backend;
import io.waffle.api.Outcome;
import io.waffle.api.Picker;
import io.waffle.api.Strategy;
import io.waffle.server.plugin.FaultLog;
import io.waffle.server.plugin.ForeignCode;
import io.waffle.server.plugin.Quarantine;
import java.time.Duration;
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
 * <p>Threading: as {@link Strategy}, whose calls this passes on; pickers are made, and it is closed, by {@link PickerMaker}.
 */
final class GuardedStrategy {

    private final Strategy strategy;
    private final Rotation rotation;
    private final Quarantine quarantine;
    private final ForeignCode code;
    private final PickerMaker pickers;
    private final AtomicLong faults = new AtomicLong();
    private final FaultLog faultLog;
    private final FaultLog quarantineLog;

    /** Whether the last picker could not be had; control thread only. */
    private boolean pickerMissing;

    GuardedStrategy(String pool, Strategy strategy, LongSupplier nanoTime, Rotation rotation, PickerMaker.Host host) {
        this.strategy = strategy;
        this.rotation = rotation;
        code = new ForeignCode(strategy.getClass());
        pickers = new PickerMaker(this, host);
        quarantine = new Quarantine(nanoTime);
        String prefix = "pool " + pool + ": strategy " + strategy.getClass().getName() + ": ";
        faultLog = new FaultLog(prefix, nanoTime);
        quarantineLog = new FaultLog(prefix, nanoTime);
    }

    /** Whether it is this one that is held. */
    boolean is(Strategy other) {
        return strategy == other;
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

    /** Makes its pickers, and closes it, on its control thread. */
    PickerMaker pickers() {
        return pickers;
    }

    /** Warns that no picker has come for a while, though it is waited for no longer. */
    void complainOfDelay(Duration waited) {
        faultLog.warn("has not made a picker in " + waited.toMillis() + " ms: requests go on without it", null);
    }

    /**
     * The strategy's picker; null if it could not make one, which puts it into quarantine, or if there is nothing to pick. On the control
     * thread.
     */
    @Nullable
    Picker picker(List<PooledBackend> members) {
        if (members.isEmpty()) {
            return null;
        }
        @Nullable Picker picker = null;
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            picker = strategy.picker(List.<Backend>copyOf(members));
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "picker");
        if (picker == null) {
            fault(thrown == null ? "returned no picker" : "could not make a picker", thrown);
            pickerMissing = true;
            if (quarantine.shut()) {
                quarantineLog.warn(
                        "in quarantine, requests are balanced by weight alone until it makes a picker", null);
            }
            return null;
        }
        if (pickerMissing && quarantine.admit()) {
            quarantineLog.warn("out of quarantine: it makes pickers again", null);
        }
        pickerMissing = false;
        return picker;
    }

    /**
     * Chooses; called during an attempt of the request.
     *
     * @return null only if no member is open any more
     */
    @Nullable
    PooledBackend pick(PickerMaker.Made made, Snapshot snapshot, PickContext request) {
        Picker picker = made.picker();
        boolean probing = quarantine.isShut();
        if (picker == null || (probing && !quarantine.tryProbe())) {
            return fallBack(snapshot, request);
        }
        quarantine.pick();
        PooledBackend picked = tryPick(picker, made, snapshot, request);
        if (picked == null) {
            return fallBack(snapshot, request);
        }
        if (probing && quarantine.admit()) {
            quarantineLog.warn("out of quarantine: it picks again", null);
        }
        if (request.isOpen(picked)) {
            return picked;
        }
        return picked.isMember() ? next(picked, snapshot, request) : fallBack(snapshot, request);
    }

    private static @Nullable PooledBackend next(PooledBackend picked, Snapshot snapshot, PickContext request) {
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
    @SuppressWarnings("NullableOptional") // a plugin may return null, which is its fault and not ours
    Explanation.Told peek(PickerMaker.Made made, Snapshot snapshot, PickContext request) {
        Picker picker = made.picker();
        if (picker == null || quarantine.isShut()) {
            return told(rotation.peek(snapshot, request), Explanation.Why.FALLBACK);
        }
        @Nullable Optional<Backend> peeked = null;
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            peeked = picker.peek(new PeekRequest(request));
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "peek");
        if (peeked == null) {
            fault("failed to tell what it would pick", thrown);
            return told(null, Explanation.Why.FAULT);
        }
        return peeked.isEmpty() ? told(null, Explanation.Why.UNTOLD) : told(peeked.get(), made, snapshot, request);
    }

    private Explanation.Told told(Backend peeked, PickerMaker.Made made, Snapshot snapshot, PickContext request) {
        if (!(peeked instanceof PooledBackend own) || !request.isOfPool(own) || !isOfSnapshot(own, made, snapshot)) {
            fault("told of what is not of the pool: " + peeked.getClass().getName(), null);
            return told(null, Explanation.Why.FAULT);
        }
        return request.isOpen(own)
                ? told(own, Explanation.Why.POLICY)
                : told(snapshot.nextOpen(request, snapshot.members().indexOf(own) + 1), Explanation.Why.FALLBACK);
    }

    private static Explanation.Told told(@Nullable PooledBackend choice, Explanation.Why why) {
        return new Explanation.Told(Optional.ofNullable(choice), why);
    }

    void started(PooledBackend backend) {
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            strategy.started(backend);
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "started");
        if (thrown != null) {
            fault("failed in started(" + backend.id() + ")", thrown);
        }
    }

    void completed(PooledBackend backend, Outcome outcome) {
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            strategy.completed(backend, outcome);
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "completed");
        if (thrown != null) {
            fault("failed in completed(" + backend.id() + ")", thrown);
        }
    }

    /** Closes it. On the control thread. */
    void closeNow() {
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            strategy.close();
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "close");
        if (thrown != null) {
            fault("failed in close()", thrown);
        }
    }

    /** What the strategy picked, open or not; null if that is not a backend of this snapshot, or there was a fault. */
    private @Nullable PooledBackend tryPick(
            Picker picker, PickerMaker.Made made, Snapshot snapshot, PickContext request) {
        @Nullable Backend picked = null;
        @Nullable Throwable thrown = null;
        @Nullable ClassLoader outside = code.enter();
        try {
            picked = picker.pick(request);
        } catch (Throwable fault) {
            thrown = fault;
        }
        leave(outside, "pick");
        if (picked instanceof PooledBackend own && request.isOfPool(own) && isOfSnapshot(own, made, snapshot)) {
            return own;
        }
        pickFault(thrown != null ? "failed to pick" : wrong(picked), thrown);
        return null;
    }

    private static String wrong(@Nullable Backend picked) {
        return picked == null
                ? "picked null"
                : "picked what is not of the pool: " + picked.getClass().getName();
    }

    /** An interruption that is left behind would close the connection that the thread serves next; it says nothing against what was answered. */
    private void leave(@Nullable ClassLoader outside, String call) {
        if (code.leave(outside)) {
            fault("left the thread interrupted in " + call, null);
        }
    }

    /** A backend that has left is still right for the picker of a snapshot that has it, or while there is no picker yet for those that stayed. */
    private static boolean isOfSnapshot(PooledBackend picked, PickerMaker.Made made, Snapshot snapshot) {
        return picked.isMember()
                || snapshot.members().contains(picked)
                || made.members().contains(picked);
    }

    private void pickFault(String what, @Nullable Throwable fault) {
        fault(what, fault);
        if (quarantine.fault()) {
            quarantineLog.warn(
                    "in quarantine, requests are balanced by weight alone until it picks without a fault", null);
        }
    }

    private void fault(String what, @Nullable Throwable fault) {
        faults.incrementAndGet();
        faultLog.warn(what, fault);
    }
}
