// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.loop;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The file by which clients find a Unix domain socket that listens (unix(7)). The host makes it with the socket and leaves it behind when the socket
 * is closed, so it is for us to take the place of one that was left, and of nothing else, and to leave none.
 *
 * <p>Threading: any thread.
 */
final class SocketFile {

    /** Of the mode of a file, which kind of file it is; and that of sockets (inode(7)). */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;
    private static final int PERMISSIONS = 07777;

    /** What the host takes for a path (struct sockaddr_un). */
    private static final int LONGEST = 107;

    private final Path path;

    /** Which file it is, whatever is at its path by now. */
    private final @Nullable Object key;

    private SocketFile(Path path, @Nullable Object key) {
        this.path = path;
        this.key = key;
    }

    /**
     * Has a socket listen at a path. It is made under another name beside it, and comes to the path when its mode is right: whoever finds it there may
     * connect, and nobody else ever could. So one that was left behind is replaced at one moment, too.
     *
     * @param mode permissions, as chmod(2) takes them
     * @throws BindException if what is at the path is not to be replaced
     */
    static SocketFile listen(ServerSocketChannel socket, Path path, int mode, int backlog) throws IOException {
        refuseOthers(path);
        Path beside = beside(path);
        socket.bind(UnixDomainSocketAddress.of(beside), backlog);
        try {
            Files.setAttribute(beside, "unix:mode", mode);
            Object key = key(beside);
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            return new SocketFile(path, key);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(beside);
            throw e;
        }
    }

    /**
     * A name that nothing has, no longer than there is room for. The host tells of the socket by it for as long as there is one (ss(8)), so it begins with
     * the name it will be found by, as far as that can be.
     */
    private static Path beside(Path path) {
        int room = LONGEST - path.resolveSibling("x").toString().length() + 1;
        Path beside;
        do {
            String name = "%s.%08x"
                    .formatted(path.getFileName(), ThreadLocalRandom.current().nextInt());
            beside = path.resolveSibling(name.substring(Math.max(0, name.length() - room)));
        } while (Files.exists(beside, LinkOption.NOFOLLOW_LINKS));
        return beside;
    }

    private static void refuseOthers(Path path) throws IOException {
        int mode;
        try {
            mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if ((mode & KIND) != SOCKET) {
            throw new BindException("a file that is no socket is there");
        }
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            client.configureBlocking(false); // who has as many clients waiting as may is there, too
            client.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            return; // nobody listens: it was left behind
        } catch (SocketException e) {
            if (String.valueOf(e.getMessage()).equals("Permission denied")) {
                throw new BindException("a socket is there that this user may not ask whether anybody listens");
            }
        }
        throw new BindException("Address already in use");
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /** Lets others connect, or no longer. Who is connected stays. */
    void mode(int mode) throws IOException {
        if (isOurs()) {
            Files.setAttribute(path, "unix:mode", mode & PERMISSIONS);
        }
    }

    /** Removes the file, unless another has come to its place. */
    void remove() throws IOException {
        if (isOurs()) {
            Files.deleteIfExists(path);
        }
    }

    private boolean isOurs() throws IOException {
        try {
            return key != null && key.equals(key(path));
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
