// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.route;

import io.waffle.server.config.InvalidValue;
import java.util.ArrayList;
import java.util.List;

/** Reads the extended regular expressions of POSIX as GEP-4359 of the Gateway API narrows them; what that leaves undefined is refused. */
final class RegexReader {

    private static final String SPECIAL = "\\.[]()*+?{}|^$";
    private static final String IN_BRACKETS = SPECIAL + "-/";
    private static final int MOST_REPEATS = 1000;
    private static final int DEEPEST = 50;

    private final String text;
    private int at;
    private int depth;

    private RegexReader(String text) {
        this.text = text;
    }

    static RegexNode read(String text) throws InvalidValue {
        RegexReader reader = new RegexReader(text);
        RegexNode node = reader.choices();
        if (reader.at < text.length()) {
            throw reader.wrong("no ) without its (");
        }
        return node;
    }

    private RegexNode choices() throws InvalidValue {
        List<RegexNode> choices = new ArrayList<>();
        choices.add(sequence());
        while (at < text.length() && text.charAt(at) == '|') {
            at++;
            choices.add(sequence());
        }
        return choices.size() == 1 ? choices.getFirst() : new RegexNode.Any(choices);
    }

    private RegexNode sequence() throws InvalidValue {
        List<RegexNode> parts = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            parts.add(repeated());
        }
        return new RegexNode.All(parts);
    }

    private RegexNode repeated() throws InvalidValue {
        boolean edge = "^$".indexOf(text.charAt(at)) >= 0;
        RegexNode part = atom();
        if (at == text.length() || "*+?{".indexOf(text.charAt(at)) < 0) {
            return part;
        }
        RegexNode all =
                switch (text.charAt(at++)) {
                    case '*' -> new RegexNode.Repeat(part, 0, -1);
                    case '+' -> new RegexNode.Repeat(part, 1, -1);
                    case '?' -> new RegexNode.Repeat(part, 0, 1);
                    default -> counted(part);
                };
        if (edge || (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0)) {
            throw wrong("one of *, +, ? and {} behind what is repeated");
        }
        return all;
    }

    private RegexNode counted(RegexNode part) throws InvalidValue {
        int least = number();
        int most = least;
        if (at < text.length() && text.charAt(at) == ',') {
            at++;
            most = at < text.length() && text.charAt(at) == '}' ? -1 : number();
        }
        if (at == text.length() || text.charAt(at) != '}' || (most >= 0 && most < least)) {
            throw wrong("{n}, {n,} or {n,m}");
        }
        at++;
        return new RegexNode.Repeat(part, least, most);
    }

    private int number() throws InvalidValue {
        int begin = at;
        int value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && value <= MOST_REPEATS) {
            value = 10 * value + text.charAt(at++) - '0';
        }
        if (at == begin || value > MOST_REPEATS) {
            throw wrong("{n}, {n,} or {n,m} of at most " + MOST_REPEATS);
        }
        return value;
    }

    private RegexNode atom() throws InvalidValue {
        char c = text.charAt(at++);
        return switch (c) {
            case '.' -> new RegexNode.One(ByteSet.ALL);
            case '^' -> new RegexNode.Edge(false);
            case '$' -> new RegexNode.Edge(true);
            case '[' -> new RegexNode.One(brackets());
            case '(' -> group();
            case '\\' -> new RegexNode.One(ByteSet.of(escaped(SPECIAL + "/-")));
            case '*', '+', '?', '{' -> throw wrong("something to repeat before " + c);
            case '}', ']' -> throw wrong("\\" + c + " in place of " + c);
            default -> new RegexNode.One(ByteSet.of(plain(c)));
        };
    }

    private RegexNode group() throws InvalidValue {
        if (++depth > DEEPEST) {
            throw wrong("at most " + DEEPEST + " groups within each other");
        }
        if (at < text.length() && text.charAt(at) == '?') {
            throw wrong("groups without options");
        }
        RegexNode inner = choices();
        if (at == text.length()) {
            throw wrong("a ) for each (");
        }
        at++;
        depth--;
        return inner;
    }

    private ByteSet brackets() throws InvalidValue {
        boolean not = at < text.length() && text.charAt(at) == '^';
        at += not ? 1 : 0;
        ByteSet set = ByteSet.NONE;
        int begin = at;
        while (at < text.length() && (text.charAt(at) != ']' || at == begin)) {
            char from = member();
            char to = from;
            if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                at++;
                to = member();
            }
            if (to < from) {
                throw wrong("a range that goes up");
            }
            set = set.with(from, to);
        }
        if (at == text.length()) {
            throw wrong("a ] for each [");
        }
        at++;
        return not ? set.inverse() : set;
    }

    private char member() throws InvalidValue {
        char c = text.charAt(at++);
        if (c == '[' || c == ']') {
            throw wrong("\\[ and \\] for brackets in brackets");
        }
        return c == '\\' ? escaped(IN_BRACKETS) : plain(c);
    }

    private char escaped(String allowed) throws InvalidValue {
        if (at == text.length() || allowed.indexOf(text.charAt(at)) < 0) {
            throw wrong("a special character behind \\; [0-9] is for \\d");
        }
        return text.charAt(at++);
    }

    private char plain(char c) throws InvalidValue {
        if ((c < ' ' && c != '\t') || c > '~') {
            throw wrong("ASCII; what is beyond it is percent-encoded in paths");
        }
        return c;
    }

    private InvalidValue wrong(String expected) {
        return new InvalidValue("a regular expression (" + expected + ", character " + at + ")");
    }
}
