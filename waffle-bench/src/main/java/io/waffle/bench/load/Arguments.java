// SPDX-License-Identifier: Apache-2.0
package io.waffle.bench.load;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The options a program was called with, held against its usage line, say {@code --url U --seconds S [--path P] [--insecure]}. Immutable. */
final class Arguments {

    private final Map<String, String> values;

    private Arguments(Map<String, String> values) {
        this.values = values;
    }

    static Arguments parse(String usage, String... args) throws UsageException {
        Map<String, OptionForm> forms = OptionForm.of(usage);
        Map<String, String> values = new HashMap<>();
        int at = 0;
        while (at < args.length) {
            String name = args[at++];
            OptionForm form = forms.get(name);
            if (form == null) {
                throw new UsageException(name + ": unknown (expected: " + usage + ")");
            }
            if (form.hasValue() && at == args.length) {
                throw new UsageException(name + ": no value (expected: " + usage + ")");
            }
            if (values.put(name, form.hasValue() ? args[at++] : "") != null) {
                throw new UsageException(name + ": given twice");
            }
        }
        for (Map.Entry<String, OptionForm> form : forms.entrySet()) {
            if (form.getValue().required() && !values.containsKey(form.getKey())) {
                throw new UsageException(form.getKey() + ": missing (expected: " + usage + ")");
            }
        }
        return new Arguments(Map.copyOf(values));
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name, int min, int max) throws UsageException {
        String value = required(name);
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of bounds.
        }
        throw new UsageException(name + ": " + value + " (expected: " + min + "-" + max + ")");
    }

    InetSocketAddress address(String name) throws UsageException {
        return Loopback.address(name, required(name));
    }

    List<InetSocketAddress> addresses(String name) throws UsageException {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String value : required(name).split(",", -1)) {
            addresses.add(Loopback.address(name, value));
        }
        return List.copyOf(addresses);
    }

    Target url(String name) throws UsageException {
        return Target.parse(name, required(name));
    }

    List<Target> urls(String name) throws UsageException {
        List<Target> targets = new ArrayList<>();
        for (String value : required(name).split(",", -1)) {
            targets.add(Target.parse(name, value));
        }
        return List.copyOf(targets);
    }

    private String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": not required by the usage line");
        }
        return value;
    }
}
