// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The request line: which targets and methods pass, and that what passes is not touched. */
@On(Setup.DEFAULT)
final class TargetIT {
    private final Site site;

    TargetIT(Site site) {
        this.site = site;
    }

    @ParameterizedTest
    @DisplayName("C2 a path reaches the backend byte for byte")
    @ValueSource(
            strings = {
                "/a%2Fb",
                "/a%20b/%7e",
                "/a/../b/./c",
                "/../a",
                "//x//y/",
                "/a;v=1",
                "/%5c",
                "/%2500",
                "/?",
                "/{}|^`\"<>"
            })
    void pathIsKept(String path) {
        assertEquals(
                path, forwarded("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").target());
    }

    @ParameterizedTest
    @DisplayName("C4 an odd query reaches the backend byte for byte")
    @ValueSource(
            strings = {
                "/?a=1;b=2",
                "/?a=%zz",
                "/?a=%",
                "/?a=%00",
                "/?a=C:\\b",
                "/?a=1&a=%x&b=2",
                "/?",
                "/??a",
                "/?a=/../b"
            })
    void queryIsKept(String target) {
        assertEquals(
                target,
                forwarded("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").target());
    }

    @ParameterizedTest
    @DisplayName("C5 the authority of an absolute target replaces Host, and the target becomes a path")
    @CsvSource({
        "http://right.test:81/path?q, /path?q, right.test:81",
        "http://right.test, /, right.test",
        "http://right.test?q, /?q, right.test",
        "HTTP://right.test/, /, right.test",
        "https://right.test/a, /a, right.test"
    })
    void absoluteForm(String target, String path, String host) {
        Head seen = forwarded("GET " + target + " HTTP/1.1\r\nHost: other\r\n\r\n");
        assertEquals(path, seen.target());
        assertEquals(List.of(host), seen.values("Host"));
    }

    @ParameterizedTest
    @DisplayName("C6 ports of Host are kept, the default ones too")
    @ValueSource(strings = {"h", "h:80", "h:443", "h:8080", "[::1]", "[::1]:80", "1.2.3.4:5", ""})
    void hostPorts(String host) {
        Head seen = forwarded("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertEquals(List.of(host), seen.values("Host"));
    }

    @ParameterizedTest
    @DisplayName("C7 a target of a form its method has not: 400")
    @ValueSource(
            strings = {
                "GET *",
                "GET h:80",
                "GET path",
                "GET /a#b",
                "GET /a b",
                "GET /a\tb",
                "GET /\u0001",
                "GET ",
                "GET  /",
                "GET /a\u007f",
                "GET /\u00e9",
                "POST *",
                "GET http://",
                "GET http:///path",
                "GET http://u@h/",
                "GET http://h:x/",
                "GET ftp://h/#f"
            })
    void wrongForms(String start) {
        site.refused(400, start + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("C11 a path with %00, a cut or bad percent triplet, or a backslash: 400")
    @ValueSource(
            strings = {
                "/%00",
                "/a%00b?c",
                "/%",
                "/a%",
                "/a%4",
                "/a%4?",
                "/%zz",
                "/%4g/",
                "/%%41",
                "/%u0041",
                "/a\\b",
                "/..\\x",
                "\\a",
                "http://h/%00",
                "http://h/a%",
                "http://h/a\\b"
            })
    void badPaths(String target) {
        site.refused(400, "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("C13 a Host that is a list, or longer than any name: 400")
    @ValueSource(strings = {"a.example,b.example", "a.example, b.example", ",", "a,", "LONG"})
    void lists(String host) {
        String sent = host.equals("LONG") ? "a".repeat(1025) : host;
        site.refused(400, "GET / HTTP/1.1\r\nHost: " + sent + "\r\n\r\n");
        if (!host.contains(" ")) {
            site.refused(400, "GET http://" + sent + "/ HTTP/1.1\r\nHost: h\r\n\r\n");
        }
    }

    @Test
    @DisplayName("C7 OPTIONS with an asterisk passes")
    void asterisk() {
        assertEquals("*", forwarded("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").target());
    }

    @ParameterizedTest
    @DisplayName("C8 CONNECT and TRACE: 405")
    @ValueSource(strings = {"CONNECT h:443", "TRACE /"})
    void notAllowed(String start) {
        assertEquals(405, site.exchange(start + " HTTP/1.1\r\nHost: h\r\n\r\n").status());
        site.assertNothingCame();
    }

    @Test
    @DisplayName("C8 CONNECT with a path or without a port is refused too")
    void oddConnect() {
        for (String target : List.of("/path", "h")) {
            int status = site.exchange("CONNECT " + target + " HTTP/1.1\r\nHost: h\r\n\r\n")
                    .status();
            assertEquals(true, status == 400 || status == 405, target + ": " + status);
        }
        site.assertNothingCame();
    }

    @ParameterizedTest
    @DisplayName("C9 Location and Refresh pass unchanged, whomever they point at")
    @ValueSource(
            strings = {
                "Location: http://127.0.0.1:1/x",
                "Refresh: 5; url=http://backend/",
                "Set-Cookie: a=b; Domain=backend; Path=/x"
            })
    void locationIsKept(String field) {
        site.backend().answer("HTTP/1.1 302 Found\r\n" + field + "\r\nContent-Length: 0\r\n\r\n");
        String name = field.substring(0, field.indexOf(':'));
        assertEquals(
                List.of(field.substring(field.indexOf(' ') + 1)),
                site.get("/").head().values(name));
    }

    @ParameterizedTest
    @DisplayName("C10 any method that is a token passes as it is")
    @ValueSource(strings = {"FOO", "PROPFIND", "get", "M-SEARCH", "!#$%&'*+-.^_`|~", "PATCH", "DELETE"})
    void methods(String method) {
        assertEquals(
                method, forwarded(method + " / HTTP/1.1\r\nHost: h\r\n\r\n").method());
    }

    @ParameterizedTest
    @DisplayName("rule 1 a request line that is not exactly method SP target SP version: 400")
    @ValueSource(
            strings = {
                "GET / HTTP/1.1 ", "GET  / HTTP/1.1", "GET /  HTTP/1.1", "GET\t/ HTTP/1.1", " GET / HTTP/1.1", "GET /",
                        "G(T / HTTP/1.1",
                "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/1.", "GET / HTTP/11", "GET / HTTP/1.10",
                        "GET / HTTP /1.1", "GET / XTTP/1.1",
                "GET / HTTP/a.1", "GET / HTTP/01.1"
            })
    void requestLines(String line) {
        site.refused(400, line + "\r\nHost: h\r\n\r\n");
    }

    @ParameterizedTest
    @DisplayName("rule 3 another major version: 505")
    @ValueSource(strings = {"HTTP/2.0", "HTTP/3.1", "HTTP/0.9", "HTTP/9.9"})
    void majorVersions(String version) {
        site.refused(505, "GET / " + version + "\r\nHost: h\r\n\r\n");
    }

    @Test
    @DisplayName("rule 3 a later minor version is served as 1.1")
    void minorVersions() {
        assertEquals(
                "GET / HTTP/1.1", forwarded("GET / HTTP/1.7\r\nHost: h\r\n\r\n").startLine());
    }

    @Test
    @DisplayName("rule 1 one empty line before a request is skipped, two are not")
    void emptyLines() {
        assertEquals("/", forwarded("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n").target());
        site.refused(400, "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n");
    }

    private Head forwarded(String request) {
        try (RawClient client = site.client()) {
            assertEquals(200, client.send(request).read().status());
        }
        return site.backend().next().head();
    }
}
