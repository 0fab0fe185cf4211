package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sluice.drill.Script.Event;
import sluice.drill.TimeSpec.Kind;

/** Reads a whole script: options, the first command, events with their times, the last command. */
final class ScriptParser {
    private final TokenReader in;
    private final PacketParser packets;
    private final CallParser calls;

    private ScriptParser(TokenReader in) {
        this.in = in;
        packets = new PacketParser(in);
        calls = new CallParser(in);
    }

    /**
     * Reads a script.
     *
     * @param defines words to be replaced
     * @throws ScriptException when it cannot be read
     */
    static Script parse(String text, Map<String, String> defines) {
        List<Token> tokens = Lexer.tokens(text, defines);
        return new ScriptParser(new TokenReader(tokens)).script();
    }

    private Script script() {
        List<Script.Option> options = new ArrayList<>();
        while (in.peek().kind() == Token.Kind.OPTION) {
            options.add(option(in.next()));
        }
        String init = in.peek().kind() == Token.Kind.BACK_QUOTED ? in.next().text() : "";
        List<Event> events = new ArrayList<>();
        String cleanup = "";
        while (in.peek().kind() != Token.Kind.END) {
            if (in.peek().kind() == Token.Kind.BACK_QUOTED) {
                cleanup = in.next().text();
                if (in.peek().kind() != Token.Kind.END) {
                    throw in.error("nothing may follow the last command, not " + in.peek());
                }
            } else {
                events.add(event());
            }
        }
        if (events.isEmpty()) {
            throw in.error("the script has no event: nothing would be tried");
        }
        return new Script(options, init, events, cleanup);
    }

    private static Script.Option option(Token t) {
        String text = t.text();
        int equals = text.indexOf('=');
        String name = equals < 0 ? text.substring(2) : text.substring(2, equals);
        String value = equals < 0 ? "" : text.substring(equals + 1);
        if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        return new Script.Option(t.line(), name, value);
    }

    private Event event() {
        int line = in.peek().line();
        TimeSpec time = time();
        Action action = action();
        if (time.kind() != Kind.ABSOLUTE && time.kind() != Kind.RELATIVE
                && !(action instanceof Action.PacketAction p && p.outbound())) {
            throw new ScriptException(line, "a range of times or * is for outbound packets only");
        }
        return new Event(line, time, action);
    }

    private TimeSpec time() {
        if (in.take("*")) {
            return new TimeSpec(Kind.ANY, 0, 0);
        }
        boolean relative = in.take("+");
        long us = in.seconds();
        if (!in.take("~")) {
            return new TimeSpec(relative ? Kind.RELATIVE : Kind.ABSOLUTE, us, us);
        }
        if (relative) {
            in.expect("+");
        }
        long end = in.seconds();
        if (end < us) {
            throw in.wrong("the range of times is backwards");
        }
        return new TimeSpec(relative ? Kind.RELATIVE_RANGE : Kind.ABSOLUTE_RANGE, us, end);
    }

    private Action action() {
        Token t = in.peek();
        if (t.is("<") || t.is(">")) {
            return packets.packet();
        }
        return switch (t.kind()) {
            case BACK_QUOTED -> new Action.Command(in.next().text());
            case CODE -> new Action.Code(in.next().text());
            case WORD, ELLIPSIS -> calls.call();
            default -> throw in.error("a packet, a system call, a `command` or %{ code }% should stand here, not " + t);
        };
    }
}
