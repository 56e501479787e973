// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * The signals that ask a server for something other than its end: SIGHUP, to read its configuration anew, and SIGUSR1, to open its logs anew. Java
 * hears of them by a class of the JDK's only, which javac warns of with no way to say that it is meant: so it is called by reflection.
 */
final class Signals {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** What to do; until it is known, signals wait for it. */
    private final CompletableFuture<Runnable> reload = new CompletableFuture<>();

    private final CompletableFuture<Runnable> reopen = new CompletableFuture<>();

    private final Thread heeding = Thread.ofPlatform().name("heed signals").unstarted(() -> {
        install("HUP", reload);
        install("USR1", reopen);
    });

    private Signals() {}

    /**
     * Soon these signals do not end the process any more, as they would a Java process that does not care. Where there is no such signal, or it
     * is somebody else's, that is logged and nothing more. It takes some milliseconds, so a thread does it while others go on starting.
     */
    static Signals heed() {
        Signals signals = new Signals();
        signals.heeding.start();
        return signals;
    }

    /** Waits until it is so. */
    void awaitHeeded() {
        try {
            heeding.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void install(String name, CompletableFuture<Runnable> task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runner = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            task.join().run();
                        }
                        return null;
                    });
            Object known = signal.getConstructor(String.class).newInstance(name);
            signal.getMethod("handle", signal, handler).invoke(null, known, runner);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "no SIG" + name + " here: " + e);
        }
    }

    /** Does this at each SIGHUP, those that came before too. */
    void onHangUp(Runnable what) {
        reload.complete(what);
    }

    /** Does this at each SIGUSR1, those that came before too. */
    void onReopen(Runnable what) {
        reopen.complete(what);
    }
}
