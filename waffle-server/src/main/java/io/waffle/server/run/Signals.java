// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.run;

import java.lang.System.Logger.Level;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The signals that ask a server for something other than its end: SIGHUP, to read its configuration anew, and SIGUSR1, to open its logs anew. Java
 * hears of them by a class of the JDK's only, which javac warns of with no way to say that it is meant: so it is called by reflection.
 */
public final class Signals {

    private static final System.Logger LOG = System.getLogger("waffle");

    private static final int SIGHUP = 1;

    /** The launcher had SIGHUP ignored, and nobody before it. */
    private static final String HELD = "waffle.hup";

    private final Heard reload = new Heard();
    private final Heard reopen = new Heard();

    private final Thread heeding = Thread.ofPlatform().name("heed signals").unstarted(() -> {
        install("HUP", reload);
        install("USR1", reopen);
    });

    /** What one signal asks for. */
    private static final class Heard {

        /** Until it is known, signals wait for it. */
        private final CompletableFuture<Runnable> task = new CompletableFuture<>();

        /** Whether a signal is waiting. Those that come meanwhile ask for the same, which has not begun yet. */
        private final AtomicBoolean waiting = new AtomicBoolean();

        void now() {
            if (!waiting.compareAndSet(false, true)) {
                return;
            }
            Runnable what = task.join();
            synchronized (this) {
                waiting.set(false);
                what.run();
            }
        }
    }

    private Signals() {}

    /**
     * Soon these signals do not end the process any more, as they would a Java process that does not care. Where there is no such signal, or it
     * is somebody else's, that is logged and nothing more. It takes some milliseconds, so a thread does it while others go on starting.
     */
    public static Signals heed() {
        Signals signals = new Signals();
        signals.heeding.start();
        return signals;
    }

    /** For a command that is over soon: signals are nothing to it. */
    public static Signals none() {
        return new Signals();
    }

    /** Waits until it is so. */
    public void awaitHeeded() {
        try {
            heeding.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void install(String name, Heard heard) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runner = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            heard.now();
                        }
                        return null;
                    });
            Object known = signal.getConstructor(String.class).newInstance(name);
            Method handle = signal.getMethod("handle", signal, handler);
            if (name.equals("HUP") && System.getProperty(HELD) != null) {
                release();
            }
            handle.invoke(null, known, runner);
        } catch (Throwable e) {
            LOG.log(Level.DEBUG, "no SIG" + name + " here: " + e);
        }
    }

    /**
     * Until here SIGHUP was ignored, since the Java machine would have ended for it while it started; what it asks for is done by the start
     * anyway. The machine leaves alone what is ignored, so for the moment until its own handler is set there is one that does nothing: by default
     * the process would end.
     */
    @SuppressWarnings("restricted") // the launcher enables native access
    private static void release() throws Throwable {
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        Linker linker = Linker.nativeLinker();
        SymbolLookup host = linker.defaultLookup();
        MethodHandle signal = linker.downcallHandle(host.findOrThrow("signal"), type);
        MemorySegment nothing = host.findOrThrow("abs"); // takes a number, as handlers do, and leaves no trace
        MemorySegment former = (MemorySegment) signal.invokeExact(SIGHUP, nothing);
        LOG.log(Level.DEBUG, "SIGHUP was held: " + former);
    }

    /** Sends SIGHUP to another process; false if that is not allowed. */
    @SuppressWarnings("restricted") // the launcher enables native access
    public static boolean hangUp(long pid) {
        try {
            FunctionDescriptor type =
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
            Linker linker = Linker.nativeLinker();
            MethodHandle kill = linker.downcallHandle(linker.defaultLookup().findOrThrow("kill"), type);
            return (int) kill.invokeExact((int) pid, SIGHUP) == 0;
        } catch (Throwable e) {
            LOG.log(Level.DEBUG, "no signal can be sent: " + e);
            return false;
        }
    }

    /** Does this at each SIGHUP, those that came before too. */
    public void onHangUp(Runnable what) {
        reload.task.complete(what);
    }

    /** Does this at each SIGUSR1, those that came before too. */
    public void onReopen(Runnable what) {
        reopen.task.complete(what);
    }
}
