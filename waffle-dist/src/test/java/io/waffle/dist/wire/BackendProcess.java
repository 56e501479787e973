// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;

/** A {@link ScriptedBackend} that answers 200 in a process of its own, which can be killed, stopped, and started again at the same port. */
final class BackendProcess implements AutoCloseable {

    /** Not where clients' connections begin: one of these could take its port while it is away, and even connect to itself there. */
    private static final String ADDRESS = "127.0.77.1";

    private int port;
    private Process process;

    private BackendProcess() throws IOException {
        start();
    }

    static BackendProcess open() throws IOException {
        return new BackendProcess();
    }

    /** The process; ends when nobody holds its input any more, so none is left behind. */
    public static void main(String[] args) throws IOException {
        try (ScriptedBackend backend = ScriptedBackend.start(ADDRESS, Integer.parseInt(args[0]))) {
            System.out.println(backend.port());
            while (System.in.read() >= 0) {
                // Waits.
            }
        }
    }

    String url() {
        return "http://" + ADDRESS + ":" + port;
    }

    /** Its path in the admin API. */
    String path() {
        return "/api/backends/" + ADDRESS + ":" + port;
    }

    /** Waits until it listens. */
    void start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder(List.of(
                        java, "-XX:TieredStopAtLevel=1", "-cp", classes(), BackendProcess.class.getName(), "" + port))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader reader = process.inputReader();
        String line = reader.readLine();
        if (line == null) {
            throw new IOException("the backend did not start at port " + port);
        }
        port = Integer.parseInt(line);
    }

    /** SIGKILL; waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; waits for the end. */
    void stop() {
        process.destroy();
        process.onExit().join();
    }

    /** Sends a signal by its name without SIG. */
    void signal(String name) throws IOException, InterruptedException {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IOException("kill -" + name + ": exit code " + code);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private static String classes() {
        try {
            return Path.of(BackendProcess.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
