// SPDX-License-Identifier: Apache-2.0
package io.waffle.server.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * What the parser of YAML stumbled over, for people who know the file and not the parser: it says what it expected where it gave up; what is
 * wrong is often before that.
 */
final class YamlFault {

    /** What may open and close in a line, and what is in none of them: quoted, or behind a hash. */
    private static final Pattern PARTS = Pattern.compile("\"[^\"]*\"|'[^']*'|(?:^|\\s)#.*|[\\[\\]{}]");

    private final List<String> lines;
    private final MarkedYAMLException fault;

    YamlFault(String text, MarkedYAMLException fault) {
        this.lines = text.lines().toList();
        this.fault = fault;
    }

    /** Counted from 1; the last of the file, if that ended too soon. */
    int line() {
        return fault.getProblemMark() == null ? 1 : number(fault.getProblemMark());
    }

    String words() {
        return "not YAML: " + problem() + column() + opened() + indented();
    }

    /** The library speaks of its tokens, where a person wrote a line. */
    private String problem() {
        String problem = String.valueOf(fault.getProblem());
        if (problem.startsWith("mapping values are not allowed")) {
            return "a colon where no key can be";
        }
        if (problem.startsWith("expected <block end>")) {
            return "a line that belongs to nothing before it";
        }
        if (problem.startsWith("expected the node content")) {
            problem = problem.replace("the node content", "a value");
        }
        return problem.replace("'<stream end>'", "<stream end>").replace("<stream end>", "the end of the file");
    }

    private String column() {
        Mark at = fault.getProblemMark();
        return at == null || at.getLine() >= lines.size() ? "" : " (column " + (at.getColumn() + 1) + ")";
    }

    /** Where that begins which is not at its end: a bracket or a quotation mark, say. */
    private String opened() {
        Mark from = fault.getContextMark();
        if (String.valueOf(fault.getProblem()).contains("<stream end>") && from != null) {
            return lastOpened();
        }
        if (from == null
                || fault.getProblemMark() == null
                || from.getLine() == fault.getProblemMark().getLine()) {
            return "";
        }
        String context = String.valueOf(fault.getContext());
        boolean bracket = context.contains("flow") || context.contains("quoted");
        return bracket ? "; it was opened in line " + number(from) + ", column " + (from.getColumn() + 1) : "";
    }

    /** The bracket that is still open at the end of the file, which the parser does not tell of where it misses a value. */
    private String lastOpened() {
        Deque<String> open = new ArrayDeque<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher part = PARTS.matcher(lines.get(i));
            while (part.find()) {
                String found = part.group();
                if (found.equals("[") || found.equals("{")) {
                    open.push("; it was opened in line " + (i + 1) + ", column " + (part.start() + 1));
                } else if (found.equals("]") || found.equals("}")) {
                    open.poll();
                }
            }
        }
        return open.isEmpty() ? "" : open.element();
    }

    /** Two lines that should begin in one column, as a rule. */
    private String indented() {
        int line = line();
        int before = line - 1;
        while (before > 0 && isBlank(lines.get(before - 1))) {
            before--;
        }
        if (before < 1 || line > lines.size() || !mayBeIndentation()) {
            return "";
        }
        int here = indent(line);
        int there = indent(before);
        return here == there ? "" : "; this line is indented by " + here + ", line " + before + " by " + there;
    }

    private boolean mayBeIndentation() {
        String problem = String.valueOf(fault.getProblem());
        return problem.contains("mapping values are not allowed") || problem.contains("<block end>");
    }

    private static boolean isBlank(String line) {
        return line.isBlank() || line.strip().startsWith("#");
    }

    private int indent(int line) {
        String text = lines.get(line - 1);
        return text.length() - text.stripLeading().length();
    }

    private int number(Mark mark) {
        return Math.clamp(mark.getLine() + 1L, 1, Math.max(1, lines.size()));
    }
}
