package sluice.drill;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.drill.Expr.Field;

/** Reads system calls and their expressions. */
final class CallParser {
    private final TokenReader in;

    CallParser(TokenReader in) {
        this.in = in;
    }

    Action.Call call() {
        long end = -1;
        if (in.peek().kind() == Token.Kind.ELLIPSIS) {
            in.next();
            end = in.seconds();
        }
        String name = in.word();
        in.expect("(");
        List<Expr> arguments = list(")");
        in.expect("=");
        Expr result = expression();
        String errno = errno();
        return new Action.Call(name, arguments, end, result, errno);
    }

    private @Nullable String errno() {
        String errno = in.peek().kind() == Token.Kind.WORD ? in.next().text() : null;
        if (in.take("(")) {
            int depth = 1;
            while (depth > 0) {
                Token t = in.next();
                if (t.kind() == Token.Kind.END) {
                    throw in.error("the note is not closed");
                }
                depth += t.is("(") ? 1 : t.is(")") ? -1 : 0;
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
        Expr e = primary();
        while (in.take("|")) {
            e = new Expr.Or(e, primary());
        }
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
        if (in.take("(")) {
            list(")");
        }
        in.expect("=");
        return new Field(name, expression());
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
