// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is asked for, and where. */
record Target(URI uri, InetSocketAddress address, String path) {

    static Target parse(String option, String value) throws UsageException {
        try {
            URI uri = new URI(value);
            boolean secure = "https".equals(uri.getScheme());
            if ((secure || "http".equals(uri.getScheme())) && uri.getHost() != null && uri.getUserInfo() == null) {
                int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
                String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
                String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
                return new Target(uri, Loopback.address(option, uri.getHost(), port), path + query);
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        throw new UsageException(option + ": " + value + " (expected: http://127.0.0.1:8080/path, or https)");
    }

    boolean secure() {
        return uri.getScheme().equals("https");
    }

    /** The bytes of a GET, in a direct buffer; {@code fields} are lines with their CRLF. */
    ByteBuffer get(String fields) {
        return get(path, uri.getRawAuthority(), fields);
    }

    static ByteBuffer get(String path, String host, String fields) {
        String head = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n";
        byte[] bytes = head.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
