// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OwnListenerTest {

    @ParameterizedTest
    @CsvSource({
        ":8080,          http://127.0.0.1:8080,  true",
        ":8080,          http://localhost:8080/p, true",
        ":8080,          http://[::1]:8080,      true",
        "0.0.0.0:8080,   http://127.0.0.9:8080,  true",
        "127.0.0.1:8080, http://localhost:8080,  true",
        "127.0.0.1:8080, http://0.0.0.0:8080,    true",
        "[::1]:443,      https://[0:0::1],       true",
        "app:80,         http://app,             true",
        ":8080,          http://127.0.0.1:8081,  false",
        ":8080,          http://192.0.2.1:8080,  false",
        ":8080,          http://app:8080,        false",
        "127.0.0.1:8080, http://127.0.0.2:8080,  false",
        "127.0.0.2:8080, http://localhost:8080,  false",
        "app:8080,       http://127.0.0.1:8080,  false",
        ":0,             http://127.0.0.1:80,    false",
    })
    void isFoundWithoutALookUp(String listen, String backend, boolean expected) throws InvalidValue {
        ListenAddress at = ListenerSettings.LISTEN.read(listen);
        BackendConfig to = Configs.backend(BackendUrl.parse(backend), 1, Map.of());
        assertEquals(expected, OwnListener.among(List.of(to), at).isPresent());
    }
}
