// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.proxy;

import io.waffle.server.http.HttpDate;
import io.waffle.server.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** A response of our own: one short line of text that reveals nothing of the inside. */
final class LocalAnswer {

    /** Letters, digits and marks that mean nothing to any reader of a log or a page. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:=+/@-]{1,128}");

    /** Bytes that hold any of them. */
    static final int ROOM = 2048;

    private static final byte[] TEXT = "text/plain; charset=utf-8".getBytes(StandardCharsets.US_ASCII);

    private LocalAnswer() {}

    /**
     * Appends a whole response; returns how many bytes of it are body.
     *
     * @param retryAfter in how many seconds it is worth while to ask again; 0 if nothing is known of that
     */
    static int write(
            ByteBuffer to,
            int status,
            String text,
            RequestHead request,
            boolean keepAlive,
            HttpDate date,
            long retryAfter) {
        return write(to, status, text, id(request), request.isHead(), keepAlive, date, retryAfter);
    }

    /** One to a request that was not read; the connection ends with it. */
    static void write(ByteBuffer to, Fault fault, HttpDate date) {
        write(to, fault.status(), fault.text(), "", false, false, date, 0);
    }

    /** Appends the head of one whose content is this page. */
    static void writeHead(
            ByteBuffer to,
            int status,
            Page page,
            RequestHead request,
            boolean keepAlive,
            HttpDate date,
            long retryAfter) {
        head(to, status, page.contentType(), page.length(), id(request), keepAlive, date, retryAfter);
    }

    private static int write(
            ByteBuffer to,
            int status,
            String text,
            String id,
            boolean head,
            boolean keepAlive,
            HttpDate date,
            long retryAfter) {
        byte[] body = (id.isEmpty() ? text + "\n" : text + "\nrequest " + id + "\n").getBytes(StandardCharsets.UTF_8);
        head(to, status, TEXT, body.length, id, keepAlive, date, retryAfter);
        if (head) {
            return 0;
        }
        to.put(body);
        return body.length;
    }

    private static void head(
            ByteBuffer to,
            int status,
            byte[] contentType,
            int length,
            String id,
            boolean keepAlive,
            HttpDate date,
            long retryAfter) {
        ascii(to, "HTTP/1.1 " + status + " " + reason(status) + "\r\nContent-Type: ");
        to.put(contentType);
        ascii(to, "\r\nContent-Length: " + length + "\r\nDate: ");
        to.put(date.bytes());
        ascii(to, "\r\nCache-Control: no-store\r\n");
        if (!id.isEmpty()) {
            ascii(to, "X-Request-ID: " + id + "\r\n");
        }
        if (retryAfter > 0 || status == 503) {
            ascii(to, "Retry-After: " + Math.max(1, retryAfter) + "\r\n");
        }
        if (status == 405) {
            ascii(to, "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");
        }
        ascii(to, keepAlive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
    }

    /** By what the client, or a proxy in front, calls the request; empty if by nothing, or by nothing that is only a name. */
    private static String id(RequestHead request) {
        String id = request.findValue("x-request-id");
        return id != null && ID.matcher(id).matches() ? id : "";
    }

    static void ascii(ByteBuffer to, String text) {
        to.put(text.getBytes(StandardCharsets.US_ASCII));
    }

    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 410 -> "Gone";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 508 -> "Loop Detected";
            case 505 -> "HTTP Version Not Supported";
            default -> "Error";
        };
    }
}
