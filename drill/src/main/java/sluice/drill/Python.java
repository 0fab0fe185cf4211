package sluice.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Python that scripts use: assert, print and assignments over numbers, strings and truth values. Names live
 * as long as the script.
 */
final class Python {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>0x[0-9a-fA-F]+|(?:\\d+\\.\\d*|\\.\\d+|\\d+)(?:[eE][+-]?\\d+)?)|(?<name>[A-Za-z_][A-Za-"
                    + "z_0-9]*)"
                    + "|(?<string>'(?:\\\\.|[^'])*'|\"(?:\\\\.|[^\"])*\")|(?<op>\\*\\*|//|<<|>>|<=|>=|==|!=|[-+*/%&|"
                    + "^~<>()=,\\[\\]])|(?<bad>\\S))");
    private static final List<List<String>> BINARY = List.of(List.of("|"), List.of("^"), List.of("&"),
            List.of("<<", ">>"), List.of("+", "-"),
            List.of("*", "/", "//", "%"));

    private final Map<String, Object> names = new HashMap<>();
    private final Consumer<String> printer;
    private List<String> words = List.of();
    private int at;

    Python(Consumer<String> printer) {
        this.printer = printer;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }

    /** Runs statements; FailException when an assertion does not hold. */
    void run(String code) {
        String text = code.replaceAll("\\\\\\r?\\n", " ");
        StringBuilder statement = new StringBuilder();
        int depth = 0;
        char quote = 0;
        boolean comment = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '\n';
            if (comment && c != '\n') {
                continue;
            }
            comment = false;
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '#') {
                comment = true;
                continue;
            } else if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth--;
            } else if ((c == '\n' && depth <= 0) || c == ';') {
                statement(statement.toString().strip());
                statement.setLength(0);
                continue;
            }
            statement.append(c);
        }
        statement(statement.toString().strip());
    }

    private void statement(String text) {
        if (text.isEmpty() || text.equals("pass") || text.startsWith("import ") || text.startsWith("from ")) {
            return;
        }
        words = cut(text);
        at = 0;
        if (take("assert")) {
            Object condition = ternary();
            Object message = take(",") ? ternary() : "";
            end(text);
            if (!truth(condition)) {
                throw new FailException("assertion failed: " + text, text,
                        message.equals("") ? null : "value: " + string(message));
            }
        } else if (take("print")) {
            List<String> values = new ArrayList<>();
            boolean brackets = take("(");
            while (at < words.size() && !peek().equals(")")) {
                values.add(string(ternary()));
                take(",");
            }
            if (brackets) {
                need(")");
            }
            printer.accept(String.join(" ", values));
        } else if (words.size() > 2 && words.get(1).equals("=")
                && Character.isJavaIdentifierStart(words.get(0).charAt(0))) {
            at = 2;
            names.put(words.get(0), ternary());
            end(text);
        } else {
            ternary();
            end(text);
        }
    }

    private static List<String> cut(String text) {
        List<String> words = new ArrayList<>();
        Matcher m = TOKEN.matcher(text);
        int at = 0;
        while (m.region(at, text.length()).lookingAt()) {
            if (m.group("bad") != null) {
                throw new SkipException("this Python is not understood: " + text);
            }
            words.add(m.group().strip());
            at = m.end();
        }
        return words;
    }

    private void end(String text) {
        if (at < words.size()) {
            throw new SkipException("this Python is not understood: " + text);
        }
    }

    private String peek() {
        return at < words.size() ? words.get(at) : "";
    }

    private boolean take(String word) {
        boolean is = peek().equals(word);
        at += is ? 1 : 0;
        return is;
    }

    private void need(String word) {
        if (!take(word)) {
            throw new SkipException(
                    "this Python is not understood: '" + word + "' is missing in " + String.join(" ", words));
        }
    }

    private Object ternary() {
        Object value = or();
        if (take("if")) {
            boolean condition = truth(or());
            need("else");
            Object other = ternary();
            return condition ? value : other;
        }
        return value;
    }

    private Object or() {
        Object left = and();
        while (take("or")) {
            Object right = and();
            left = truth(left) ? left : right;
        }
        return left;
    }

    private Object and() {
        Object left = not();
        while (take("and")) {
            Object right = not();
            left = truth(left) ? right : left;
        }
        return left;
    }

    private Object not() {
        return take("not") ? !truth(not()) : comparison();
    }

    private Object comparison() {
        Object left = binary(0);
        boolean chained = false;
        boolean result = true;
        for (;;) {
            String op = peek();
            if (!List.of("==", "!=", "<", "<=", ">", ">=").contains(op)) {
                return chained ? result : left;
            }
            at++;
            Object right = binary(0);
            result &= compare(op, left, right);
            chained = true;
            left = right;
        }
    }

    private static boolean compare(String op, Object left, Object right) {
        if (left instanceof String || right instanceof String) {
            return op.equals("==") ? left.equals(right) : op.equals("!=") && !left.equals(right);
        }
        int c = whole(left) && whole(right) ? Long.compare(integer(left), integer(right))
                : Double.compare(number(left), number(right));
        return switch (op) {
            case "==" -> c == 0;
            case "!=" -> c != 0;
            case "<" -> c < 0;
            case "<=" -> c <= 0;
            case ">" -> c > 0;
            default -> c >= 0;
        };
    }

    private Object binary(int level) {
        if (level == BINARY.size()) {
            return unary();
        }
        Object left = binary(level + 1);
        while (BINARY.get(level).contains(peek())) {
            String op = words.get(at++);
            left = apply(op, left, binary(level + 1));
        }
        return left;
    }

    private static Object apply(String op, Object a, Object b) {
        if (op.equals("%") && a instanceof String format) {
            return format.replaceAll("%[-0-9.]*[a-z]", Matcher.quoteReplacement(string(b)));
        }
        if (op.equals("+") && a instanceof String s) {
            return s + string(b);
        }
        if (whole(a) && whole(b) && !op.equals("/")) {
            long x = integer(a);
            long y = integer(b);
            return switch (op) {
                case "|" -> x | y;
                case "^" -> x ^ y;
                case "&" -> x & y;
                case "<<" -> x << y;
                case ">>" -> x >> y;
                case "+" -> x + y;
                case "-" -> x - y;
                case "*" -> x * y;
                case "//" -> Math.floorDiv(x, y);
                default -> Math.floorMod(x, y);
            };
        }
        double x = number(a);
        double y = number(b);
        return switch (op) {
            case "+" -> x + y;
            case "-" -> x - y;
            case "*" -> x * y;
            case "/" -> x / y;
            case "//" -> Math.floor(x / y);
            case "%" -> x - Math.floor(x / y) * y;
            default -> throw new FailException(op + " of numbers that are not whole");
        };
    }

    private Object unary() {
        if (take("-")) {
            Object v = unary();
            return whole(v) ? (Object) (-integer(v)) : (Object) (-number(v));
        }
        if (take("+")) {
            return unary();
        }
        if (take("~")) {
            return ~integer(unary());
        }
        Object base = primary();
        if (take("**")) {
            Object exponent = unary();
            double power = Math.pow(number(base), number(exponent));
            return whole(base) && whole(exponent) ? (Object) (long) power : (Object) power;
        }
        return base;
    }

    private Object primary() {
        if (take("(")) {
            Object v = ternary();
            List<String> tuple = new ArrayList<>(List.of(string(v)));
            boolean isTuple = false;
            while (take(",")) {
                isTuple = true;
                if (!peek().equals(")")) {
                    tuple.add(string(ternary()));
                }
            }
            need(")");
            return isTuple ? String.join(", ", tuple) : v;
        }
        String word = peek();
        if (word.isEmpty()) {
            throw new SkipException("this Python is not understood: " + String.join(" ", words));
        }
        at++;
        char c = word.charAt(0);
        if (c == '\'' || c == '"') {
            return word.substring(1, word.length() - 1);
        }
        if (Character.isDigit(c) || c == '.') {
            return word.startsWith("0x") ? (Object) Long.parseLong(word.substring(2), 16)
                    : word.matches("\\d+") ? (Object) Long.parseLong(word) : (Object) Double.parseDouble(word);
        }
        return take("(") ? call(word) : name(word);
    }

    private Object call(String function) {
        List<Object> arguments = new ArrayList<>();
        while (!peek().equals(")") && at < words.size()) {
            arguments.add(ternary());
            take(",");
        }
        need(")");
        Object first = arguments.isEmpty() ? 0L : arguments.getFirst();
        return switch (function) {
            case "abs" -> whole(first) ? (Object) Math.abs(integer(first)) : (Object) Math.abs(number(first));
            case "int" -> (long) number(first);
            case "float" -> number(first);
            case "round" -> Math.round(number(first));
            case "str" -> string(first);
            case "min" -> arguments.stream().reduce((a, b) -> number(b) < number(a) ? b : a).orElse(0L);
            case "max" -> arguments.stream().reduce((a, b) -> number(b) > number(a) ? b : a).orElse(0L);
            default -> throw new SkipException("the Python function " + function + " is not known");
        };
    }

    private Object name(String word) {
        if (word.equals("True") || word.equals("False")) {
            return word.equals("True");
        }
        Object value = names.get(word);
        if (value == null) {
            value = Symbols.find(word);
        }
        if (value == null) {
            throw word.startsWith("tcpi_") || word.startsWith("sk_") || word.startsWith("bbr")
                    || word.startsWith("vegas")
                            ? new SkipException("the stack has no " + word)
                            : new FailException("name '" + word + "' is not defined");
        }
        return value;
    }

    private static boolean truth(Object v) {
        return v instanceof Boolean b ? b : v instanceof String s ? !s.isEmpty() : number(v) != 0;
    }

    private static boolean whole(Object v) {
        return v instanceof Long || v instanceof Boolean;
    }

    private static long integer(Object v) {
        return v instanceof Boolean b ? (b ? 1 : 0) : v instanceof Number n ? n.longValue() : fail(v);
    }

    private static double number(Object v) {
        return v instanceof Boolean b ? (b ? 1 : 0) : v instanceof Number n ? n.doubleValue() : fail(v);
    }

    private static long fail(Object v) {
        throw new FailException("a number is needed in place of '" + v + "'");
    }

    private static String string(Object v) {
        return v instanceof Boolean b ? (b ? "True" : "False") : v.toString();
    }
}
