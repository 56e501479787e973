// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.http;

/**
 * The field names that mean something to a proxy, as small numbers: a name is classified once, while it is parsed, and compared as text
 * never again. Every other name is {@link #OTHER}.
 */
public final class KnownField {

    public static final int OTHER = 0;
    public static final int HOST = 1;
    public static final int CONTENT_LENGTH = 2;
    public static final int TRANSFER_ENCODING = 3;
    public static final int CONNECTION = 4;
    public static final int KEEP_ALIVE = 5;
    public static final int PROXY_CONNECTION = 6;
    public static final int PROXY_AUTHENTICATE = 7;
    public static final int PROXY_AUTHORIZATION = 8;
    public static final int PROXY_AUTHENTICATION_INFO = 9;
    public static final int TE = 10;
    public static final int UPGRADE = 11;
    public static final int HTTP2_SETTINGS = 12;
    public static final int TRAILER = 13;
    public static final int EXPECT = 14;
    public static final int MAX_FORWARDS = 15;
    public static final int VIA = 16;
    public static final int FORWARDED = 17;
    public static final int X_FORWARDED_FOR = 18;
    public static final int X_FORWARDED_PROTO = 19;
    public static final int X_FORWARDED_HOST = 20;
    public static final int X_FORWARDED_PORT = 21;
    /** {@code X-Forwarded} itself, or a name that starts with {@code X-Forwarded-} and is none of the four above. */
    public static final int X_FORWARDED_OTHER = 22;

    /** One of the many other names by which proxies say who the client is: {@link ClientClaims} has them all. */
    public static final int CLIENT_CLAIM = 23;

    public static final int COOKIE = 24;
    public static final int SET_COOKIE = 25;
    public static final int AUTHORIZATION = 26;
    public static final int WWW_AUTHENTICATE = 27;
    public static final int AUTHENTICATION_INFO = 28;
    public static final int DATE = 29;
    public static final int CONTENT_TYPE = 30;
    public static final int CONTENT_ENCODING = 31;
    public static final int CONTENT_RANGE = 32;
    public static final int CACHE_CONTROL = 33;
    public static final int RANGE = 34;

    /** A name that CGI, WSGI and their like cannot tell from one that is this proxy's to say, or that frames: it is never passed on. */
    public static final int ALIAS = 35;

    /** A name with an underscore that is no {@link #ALIAS}. */
    public static final int UNDERSCORED = 36;

    public static final int LOCATION = 37;
    public static final int CONTENT_LOCATION = 38;

    private KnownField() {}
}
