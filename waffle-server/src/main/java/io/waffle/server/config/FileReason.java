// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be used, in words for people who know no Java: there, the class of an exception is half of what it says. */
public final class FileReason {

    private FileReason() {}

    /** The reason, without the name of the file. */
    public static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permissions forbid it";
            case FileSystemException known when known.getReason() != null -> known.getReason();
            default -> e.getMessage() == null ? "the system gives no reason" : e.getMessage();
        };
    }
}
