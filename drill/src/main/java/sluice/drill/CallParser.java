package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.Expr.Field;

/** Reads system calls and their expressions. */
final class CallParser {
    /** Brackets within brackets, and parts of "a|b|c". */
    private static final int MAX_DEPTH = 100;
    private final TokenReader in;
    private int depth;

    CallParser(TokenReader in) {
        this.in = in;
    }

    Action.Call call() {
        long end = -1;
        if (in.peek().kind() == Token.Kind.ELLIPSIS) {
            in.next();
            end = in.seconds();
        }
        Token at = in.peek();
        String name = in.word();
        in.expect("(");
        List<Expr> arguments = list(")");
        String wrong = LinuxNames.wrongCall(name, arguments.size());
        if (wrong != null) {
            throw new ScriptException(at.line(), wrong);
        }
        in.expect("=");
        Expr result = expression();
        String errno = errno();
        return new Action.Call(name, arguments, end, result, errno);
    }

    private @Nullable String errno() {
        Token t = in.peek();
        String errno = t.kind() == Token.Kind.WORD ? in.next().text() : null;
        if (errno != null && LinuxNames.error(errno) == null) {
            throw new ScriptException(t.line(), "there is no error " + errno);
        }
        if (in.take("(")) {
            int open = 1;
            while (open > 0) {
                Token note = in.next();
                if (note.kind() == Token.Kind.END) {
                    throw new ScriptException(t.line(), "the note is not closed");
                }
                open += note.is("(") ? 1 : note.is(")") ? -1 : 0;
            }
        }
        return errno;
    }

    /** Expressions up to {@code close}, which is taken. */
    private List<Expr> list(String close) {
        List<Expr> list = new ArrayList<>();
        if (in.take(close)) {
            return list;
        }
        do {
            list.add(expression());
        } while (in.take(","));
        in.expect(close);
        return list;
    }

    Expr expression() {
        if (++depth > MAX_DEPTH) {
            throw in.error("an expression of more than " + MAX_DEPTH + " brackets within brackets");
        }
        Expr e = primary();
        int parts = 1;
        while (in.take("|")) {
            if (++parts > MAX_DEPTH) {
                throw in.error("an expression of more than " + MAX_DEPTH + " parts");
            }
            e = new Expr.Or(e, primary());
        }
        depth--;
        return e;
    }

    private Expr primary() {
        Token t = in.peek();
        if (in.take("[")) {
            return new Expr.Array(list("]"));
        }
        if (in.take("{")) {
            return new Expr.Struct(fields());
        }
        return switch (t.kind()) {
            case ELLIPSIS -> {
                in.next();
                yield new Expr.Ellipsis();
            }
            case INTEGER, HEX -> new Expr.Num(TokenReader.parse(in.next()));
            case STRING -> string();
            case WORD -> word();
            default -> throw in.error("an expression expected, not " + t);
        };
    }

    private Expr string() {
        StringBuilder text = new StringBuilder();
        while (in.peek().kind() == Token.Kind.STRING) {
            text.append(in.next().text());
        }
        if (in.peek().kind() == Token.Kind.ELLIPSIS) {
            in.next();
        }
        return new Expr.Str(text.toString());
    }

    private Expr word() {
        String name = in.word();
        return in.take("(") ? new Expr.Func(name, list(")")) : new Expr.Word(name);
    }

    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        if (in.take("}")) {
            return fields;
        }
        do {
            fields.add(field());
        } while (in.take(","));
        in.expect("}");
        return fields;
    }

    private Field field() {
        boolean named = in.peek().kind() == Token.Kind.WORD
                && (in.peek(1).is("=") || in.peek(1).is("(") && closesBeforeEquals());
        if (!named) {
            return new Field("", expression());
        }
        String name = in.word();
        Token at = in.peek();
        List<Expr> count = in.take("(") ? list(")") : List.of();
        in.expect("=");
        Expr value = expression();
        if (count.size() == 1 && count.getFirst() instanceof Expr.Num n && value instanceof Expr.Array a
                && n.value() != a.elements().size()) {
            throw new ScriptException(at.line(),
                    name + "(" + n + ") has " + a.elements().size() + " elements");
        }
        return new Field(name, value);
    }

    /** Whether "name(…)" is followed by "=". */
    private boolean closesBeforeEquals() {
        int i = 2;
        while (!in.peek(i).is(")") && in.peek(i).kind() != Token.Kind.END) {
            i++;
        }
        return in.peek(i + 1).is("=");
    }
}
