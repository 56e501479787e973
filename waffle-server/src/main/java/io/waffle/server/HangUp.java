// SPDX-License-Identifier: Apache-2.0
package io.waffle.server;

import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;

/**
 * The signal SIGHUP, which asks a server to read its configuration anew. Java hears of it by a class of the JDK's only, which javac warns of
 * with no way to say that it is meant: so it is called by reflection.
 */
final class HangUp {

    private static final System.Logger LOG = System.getLogger("waffle");

    /** What to do; until it is known, signals wait for it. */
    private final CompletableFuture<Runnable> task = new CompletableFuture<>();

    private final Thread heeding = Thread.ofPlatform().name("heed SIGHUP").unstarted(this::install);

    private HangUp() {}

    /**
     * Soon the signal does not end the process any more, as it would a Java process that does not care. Where there is no such signal, or it
     * is somebody else's, that is logged and nothing more. It takes some milliseconds, so a thread does it while others go on starting.
     */
    static HangUp heed() {
        HangUp hangUp = new HangUp();
        hangUp.heeding.start();
        return hangUp;
    }

    /** Waits until it is so. */
    void awaitHeeded() {
        try {
            heeding.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void install() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runner = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            task.join().run();
                        }
                        return null;
                    });
            Object hup = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hup, runner);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, "no SIGHUP here: " + e);
        }
    }

    /** Does this at each signal, those that came before too. */
    void does(Runnable what) {
        task.complete(what);
    }
}
