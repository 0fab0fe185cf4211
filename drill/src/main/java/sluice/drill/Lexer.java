package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sluice.drill.Token.Kind;

/** Cuts a script into words; the longest match wins, comments vanish, defined words are replaced. */
final class Lexer {
    private static final Pattern SPACE = Pattern.compile("(?:[ \\t\\r\\n]+|//[^\\n]*|/\\*.*?\\*/)++", Pattern.DOTALL);
    private static final Pattern OPTION = Pattern
            .compile("--[A-Za-z0-9_]+(?:=(?:[A-Za-z0-9_]+=)?(?:\"[^\"]*\"|`[^`]*`|[^\\s\"`]+))?");
    private static final Pattern CODE = Pattern.compile("%\\{(.*?)\\}%", Pattern.DOTALL);
    private static final Pattern BACK_QUOTED = Pattern.compile("`((?:\\\\.|[^`\\\\])*+)`", Pattern.DOTALL);
    private static final Pattern STRING = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*+)\"", Pattern.DOTALL);
    private static final Pattern IPV6 = Pattern.compile(
            "(?=[0-9A-Fa-f:.]*::|(?:[0-9A-Fa-f]{1,4}:){7})[0-9A-Fa-f:]*[0-9A-Fa-f:](?:\\d+\\.\\d+\\.\\d+\\.\\d+)?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    private static final Pattern FLOAT = Pattern.compile("-?[0-9]*\\.[0-9]+");
    private static final Pattern HEX = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");
    private static final Pattern WORD = Pattern.compile("[a-zA-Z0-9_]+");
    private static final Pattern ELLIPSIS = Pattern.compile("\\.\\.\\.");

    private final String text;
    private final Map<String, String> defines;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private Lexer(String text, Map<String, String> defines) {
        this.text = text;
        this.defines = defines;
    }

    /** The words of {@code text}, the last of kind END. */
    static List<Token> tokens(String text, Map<String, String> defines) {
        Lexer lexer = new Lexer(text, defines);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        for (;;) {
            skip();
            if (at >= text.length()) {
                tokens.add(new Token(Kind.END, "", line));
                return;
            }
            next();
        }
    }

    private void skip() {
        Matcher m = SPACE.matcher(text).region(at, text.length());
        if (m.lookingAt()) {
            advance(m.end());
        }
    }

    private void advance(int to) {
        for (int i = at; i < to; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        at = to;
    }

    private void next() {
        char c = text.charAt(at);
        if (text.startsWith("--", at) && whole(OPTION, Kind.OPTION) || c == '%' && inner(CODE, Kind.CODE)
                || c == '`' && inner(BACK_QUOTED, Kind.BACK_QUOTED)
                || c == '"' && inner(STRING, Kind.STRING)) {
            return;
        }
        Kind best = Kind.PUNCTUATION;
        int end = at + 1;
        for (Rule rule : RULES) {
            Matcher m = rule.pattern.matcher(text).region(at, text.length()).useTransparentBounds(true);
            if (m.lookingAt() && m.end() > end - (best == Kind.PUNCTUATION ? 1 : 0)) {
                best = rule.kind;
                end = m.end();
            }
        }
        String word = text.substring(at, end);
        String replacement = best == Kind.WORD ? defines.get(word) : null;
        if (replacement != null) {
            for (Token t : tokens(replacement, Map.of())) {
                if (t.kind() != Kind.END) {
                    tokens.add(new Token(t.kind(), t.text(), line));
                }
            }
        } else {
            tokens.add(new Token(best, word, line));
        }
        advance(end);
    }

    private record Rule(Pattern pattern, Kind kind) {}

    /** In the order that decides between matches of the same length. */
    private static final List<Rule> RULES = List.of(new Rule(ELLIPSIS, Kind.ELLIPSIS), new Rule(FLOAT, Kind.FLOAT),
            new Rule(INTEGER, Kind.INTEGER),
            new Rule(HEX, Kind.HEX), new Rule(WORD, Kind.WORD), new Rule(IPV4, Kind.IPV4), new Rule(IPV6, Kind.IPV6));

    private boolean whole(Pattern pattern, Kind kind) {
        Matcher m = pattern.matcher(text).region(at, text.length());
        if (!m.lookingAt()) {
            return false;
        }
        tokens.add(new Token(kind, m.group(), line));
        advance(m.end());
        return true;
    }

    private boolean inner(Pattern pattern, Kind kind) {
        Matcher m = pattern.matcher(text).region(at, text.length());
        if (!m.lookingAt()) {
            return false;
        }
        tokens.add(new Token(kind, m.group(1), line));
        advance(m.end());
        return true;
    }
}
