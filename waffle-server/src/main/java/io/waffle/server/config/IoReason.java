// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.EOFException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file or a connection could not be used, in words for people who know no Java: there, the class of an exception is half of what it says. */
public final class IoReason {

    private IoReason() {}

    /** The reason, without the name of what it is about. */
    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permissions forbid it";
            case ClosedChannelException _ -> "it was closed";
            case EOFException _ -> "it ended too early";
            case UnknownHostException host -> "no address is known of " + host.getMessage();
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> e.getMessage() == null ? "the system gives no reason" : e.getMessage();
        };
    }
}
