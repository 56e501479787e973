// SPDX-License-Identifier: Apache-2.0
package io.waffle.dist.wire;

import java.util.List;
import java.util.stream.Stream;

/** Backends that answer with their number, from 0 on. */
final class NumberedBackends {

    private NumberedBackends() {}

    static List<ScriptedBackend> start(int count) {
        return number(Stream.generate(ScriptedBackend::start).limit(count).toList());
    }

    /** Has those of the site answer so from now on. */
    static Site number(Site site) {
        number(site.backends());
        return site;
    }

    private static List<ScriptedBackend> number(List<ScriptedBackend> backends) {
        for (int i = 0; i < backends.size(); i++) {
            backends.get(i).on(ScriptedBackend.answering(200, Integer.toString(i)));
        }
        return backends;
    }
}
