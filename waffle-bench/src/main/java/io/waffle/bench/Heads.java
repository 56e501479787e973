// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Requests and their responses as they come from the tools and browsers of the day. */
public enum Heads {
    CURL("""
            GET /small HTTP/1.1
            Host: 127.0.0.1:8080
            User-Agent: curl/7.88.1
            Accept: */*

            """, """
            HTTP/1.1 200 OK
            Server: nginx/1.22.1
            Date: Tue, 24 Nov 2026 09:00:00 GMT
            Content-Type: text/plain
            Content-Length: 100
            Connection: keep-alive

            """),
    BROWSER("""
            GET /catalogue/items?page=2&sort=price HTTP/1.1
            Host: shop.example.org
            Connection: keep-alive
            sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"
            sec-ch-ua-mobile: ?0
            sec-ch-ua-platform: "Linux"
            Upgrade-Insecure-Requests: 1
            User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
            Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8
            Sec-Fetch-Site: same-origin
            Sec-Fetch-Mode: navigate
            Sec-Fetch-User: ?1
            Sec-Fetch-Dest: document
            Referer: https://shop.example.org/catalogue/items?page=1&sort=price
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-GB,en;q=0.9,de;q=0.8
            Cookie: session=5b1f0a1e-5b7c-4f4e-9c1d-2f1f5f0f8a11; consent=all; theme=dark
            If-None-Match: "3147526947+gzip"

            """, """
            HTTP/1.1 200 OK
            Date: Tue, 24 Nov 2026 09:00:00 GMT
            Content-Type: text/html; charset=utf-8
            Transfer-Encoding: chunked
            Connection: keep-alive
            Content-Encoding: gzip
            Vary: Accept-Encoding
            Cache-Control: private, max-age=0, must-revalidate
            ETag: "3147526947+gzip"
            Last-Modified: Mon, 23 Nov 2026 17:18:26 GMT
            Set-Cookie: session=5b1f0a1e-5b7c-4f4e-9c1d-2f1f5f0f8a11; Path=/; Secure; HttpOnly; SameSite=Lax
            Strict-Transport-Security: max-age=63072000; includeSubDomains
            Content-Security-Policy: default-src 'self'; img-src 'self' data:; frame-ancestors 'none'
            X-Content-Type-Options: nosniff
            Referrer-Policy: strict-origin-when-cross-origin

            """);

    private final String request;
    private final String response;

    Heads(String request, String response) {
        this.request = request;
        this.response = response;
    }

    ByteBuffer request() {
        return buffer(request);
    }

    ByteBuffer response() {
        return buffer(response);
    }

    /** Direct, as those of the server are. */
    static ByteBuffer buffer(String lines) {
        byte[] bytes = lines.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
