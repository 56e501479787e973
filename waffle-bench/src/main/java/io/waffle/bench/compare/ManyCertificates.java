// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.compare;

import io.waffle.bench.compare.NamedHandshake.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Behind {@code waffle-bench/certificates}: what a folder of many certificates costs Waffle. */
public final class ManyCertificates {

    private static final String USAGE = """
            waffle-bench/certificates [--certificates 10000] [--runs 3] [--providers openssl,jsse] [--waffle FOLDER,...]
            """;

    private static final double MOST_SECONDS = 2;
    private static final double MOST_MEBIBYTES = 60;

    private final Path folder;
    private final SelfSigned authority;

    private ManyCertificates(Path folder, SelfSigned authority) {
        this.folder = folder;
        this.authority = authority;
    }

    public static void main(String[] args) throws IOException, InterruptedException, GeneralSecurityException {
        Map<String, String> options = options(args);
        int certificates = Math.max(2, Integer.parseInt(options.getOrDefault("--certificates", "")));
        int runs = Integer.parseInt(options.getOrDefault("--runs", ""));
        String[] homes = options.getOrDefault("--waffle", "").split(",", -1);
        String[] providers = options.getOrDefault("--providers", "").split(",", -1);
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            ManyCertificates measurement = new ManyCertificates(folder.path(), new SelfSigned());
            measurement.write(1);
            measurement.write(certificates);
            System.out.println(
                    "| | certificates | served after, s | CPU by then, s | resident, MiB | one file changed: shown after, s | read for it, KiB |\n"
                            + "|---|---:|---:|---:|---:|---:|---:|");
            for (String home : homes) {
                for (String provider : providers) {
                    measurement.compare(Path.of(home), provider, certificates, runs, homes.length > 1);
                }
            }
        }
    }

    private static Map<String, String> options(String[] args) {
        Map<String, String> options =
                new HashMap<>(Map.of("--certificates", "10000", "--runs", "3", "--providers", "openssl,jsse"));
        for (int i = 0; i < args.length; i += 2) {
            if (i + 1 == args.length || !(options.containsKey(args[i]) || args[i].equals("--waffle"))) {
                System.err.print("certificates: " + args[i] + " (expected: an option with its value)\n" + USAGE);
                System.exit(2);
            }
            options.put(args[i], args[i + 1]);
        }
        return options;
    }

    /** What was measured of one start. */
    private record Cost(double seconds, double cpu, double resident, double reload, double read) {

        String row() {
            return "%.2f | %.2f | %.0f | %.2f | %.0f".formatted(seconds, cpu, resident, reload, read);
        }
    }

    /** With one and with many in turns; then what the many have cost more, by the best of each, since whatever else the machine does only adds to it. */
    private void compare(Path home, String provider, int certificates, int runs, boolean named)
            throws IOException, InterruptedException, GeneralSecurityException {
        String title = provider + (named ? " " + home : "");
        Optional<Cost> one = Optional.empty();
        Optional<Cost> many = Optional.empty();
        for (int run = 0; run < runs; run++) {
            one = better(one, measure(home, provider, 1, title));
            many = better(many, measure(home, provider, certificates, title));
        }
        if (one.isPresent() && many.isPresent()) {
            double seconds = many.get().seconds() - one.get().seconds();
            double mebibytes = many.get().resident() - one.get().resident();
            System.out.printf(
                    "| %s | more | %.2f (%s) | %.2f | %.0f (%s) | | |%n",
                    title,
                    seconds,
                    verdict(seconds, MOST_SECONDS),
                    many.get().cpu() - one.get().cpu(),
                    mebibytes,
                    verdict(mebibytes, MOST_MEBIBYTES));
        }
    }

    private static String verdict(double value, double most) {
        return "%s %.0f".formatted(value <= most ? "within" : "beyond", most);
    }

    private static Optional<Cost> better(Optional<Cost> known, Cost next) {
        return Optional.of(known.map(before -> new Cost(
                        Math.min(before.seconds(), next.seconds()),
                        Math.min(before.cpu(), next.cpu()),
                        Math.min(before.resident(), next.resident()),
                        Math.min(before.reload(), next.reload()),
                        Math.min(before.read(), next.read())))
                .orElse(next));
    }

    private Cost measure(Path home, String provider, int certificates, String title)
            throws IOException, InterruptedException, GeneralSecurityException {
        int port = Ports.free();
        long start = System.nanoTime();
        try (var waffle = ManagedProcess.start(
                command(home, provider, port, certificates), Map.of(), Optional.of(folder.resolve("waffle.log")))) {
            NamedHandshake last = new NamedHandshake(port, name(certificates - 1), waffle);
            Shown before = last.await(Optional.empty());
            double seconds = (before.at() - start) / 1e9;
            double cpu = CpuClock.micros(waffle) / 1e6;
            double resident = CpuClock.mebibytes(waffle, "VmRSS");
            Shown warm = change(waffle, last, certificates, before); // the first one loads the code for it as well
            long read = read(waffle);
            long from = System.nanoTime();
            Shown after = change(waffle, last, certificates, warm);
            Cost cost = new Cost(seconds, cpu, resident, (after.at() - from) / 1e9, (read(waffle) - read) / 1024.0);
            System.out.println("| " + title + " | " + certificates + " | " + cost.row() + " |");
            return cost;
        }
    }

    /** Puts another certificate in the place of the last one, and waits for it to be shown. */
    private Shown change(ManagedProcess waffle, NamedHandshake last, int certificates, Shown before)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path next = Files.writeString(folder.resolve("next"), authority.pem(name(certificates - 1)));
        Files.move(next, file(certificates, certificates - 1), StandardCopyOption.ATOMIC_MOVE);
        Commands.run(List.of("kill", "-HUP", Long.toString(waffle.pid())));
        return last.await(Optional.of(before));
    }

    private static long read(ManagedProcess waffle) throws IOException {
        String io = Files.readString(Path.of("/proc", Long.toString(waffle.pid()), "io"));
        return (long) CpuClock.kibibytes(io, "rchar");
    }

    private List<String> command(Path home, String provider, int port, int certificates) {
        return List.of(
                home + "/bin/waffle",
                "-listen",
                "127.0.0.1:" + port,
                "-backends",
                "http://127.0.0.1:1",
                "-tls-provider",
                provider,
                "-tls-certificates",
                folder(certificates).toString());
    }

    private void write(int certificates) throws IOException, GeneralSecurityException {
        Files.createDirectories(folder(certificates));
        for (int i = 0; i < certificates; i++) {
            Files.writeString(file(certificates, i), authority.pem(name(i)));
        }
    }

    private Path folder(int certificates) {
        return folder.resolve("certificates-" + certificates);
    }

    private Path file(int certificates, int number) {
        return folder(certificates).resolve("n" + number + ".pem");
    }

    private static String name(int number) {
        return "n" + number + ".example.org";
    }
}
