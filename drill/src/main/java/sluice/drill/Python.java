package sluice.drill;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of Python that scripts use: assert, print and assignments over numbers, strings and truth values. Names live
 * as long as the script. What Python has and this has not skips the script; what Python would refuse fails it.
 */
final class Python {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>0x[0-9a-fA-F]+|(?:\\d+\\.\\d*|\\.\\d+|\\d+)(?:[eE][+-]?\\d+)?)|(?<name>[A-Za-z_][A-Za-"
                    + "z_0-9]*)"
                    + "|(?<string>'(?:\\\\.|[^'\\\\])*+'|\"(?:\\\\.|[^\"\\\\])*+\")"
                    + "|(?<op>\\*\\*|//|<<|>>|<=|>=|==|!=|[-+*/%&|^~<>()=,\\[\\]{}.:])|(?<bad>\\S))");
    private static final List<List<String>> BINARY = List.of(List.of("|"), List.of("^"), List.of("&"),
            List.of("<<", ">>"), List.of("+", "-"),
            List.of("*", "/", "//", "%"));

    /** As in CPython: brackets within brackets. */
    private static final int MAX_DEPTH = 200;
    /** Whole numbers up to here are exact as floating-point numbers. */
    private static final double MAX_EXACT = 1L << 53;
    /** Statements that Python has and this has not. */
    private static final Set<String> STATEMENTS = Set.of("if", "for", "while", "def", "class", "try", "with", "return",
            "raise", "del", "global", "nonlocal", "async", "elif", "else", "except", "finally", "exec");
    /** Words within an expression that Python has and this has not. */
    private static final Set<String> OPERATORS = Set.of("in", "is", "lambda", "[", "{", ".", "for", "await", "yield");
    /** Words that are no names. */
    private static final Set<String> KEYWORDS = Set.of("and", "or", "not", "if", "else", "assert", "print");
    private static final Set<String> FUNCTIONS = Set.of("len", "sum", "any", "all", "hex", "bin", "oct", "sorted",
            "range", "list", "dict", "set", "tuple", "bool", "type", "isinstance", "repr", "format", "pow", "divmod",
            "ord", "chr", "map", "filter", "zip", "enumerate", "open", "exit", "getattr", "globals", "locals");

    private final Map<String, Object> names = new HashMap<>();
    private final Consumer<String> printer;
    private List<String> words = List.of();
    private String text = "";
    private int at;
    private int depth;

    Python(Consumer<String> printer) {
        this.printer = printer;
    }

    void set(String name, Object value) {
        names.put(name, value);
    }

    /** Forgets names that begin so. */
    void forget(String prefix) {
        names.keySet().removeIf(n -> n.startsWith(prefix));
    }

    /** Runs statements; FailException when an assertion does not hold. */
    void run(String code) {
        try {
            statements(code);
        } catch (ArithmeticException e) {
            throw new FailException(e.getMessage() + " in: " + text);
        }
    }

    private void statements(String code) {
        String joined = code.replaceAll("\\\\\\r?\\n", " ");
        StringBuilder statement = new StringBuilder();
        int open = 0;
        char quote = 0;
        boolean comment = false;
        for (int i = 0; i <= joined.length(); i++) {
            char c = i < joined.length() ? joined.charAt(i) : '\n';
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
                open++;
            } else if (c == ')' || c == ']') {
                open--;
            } else if ((c == '\n' && open <= 0) || c == ';') {
                statement(statement.toString().strip());
                statement.setLength(0);
                continue;
            }
            statement.append(c);
        }
        statement(statement.toString().strip());
    }

    private void statement(String statement) {
        if (statement.isEmpty() || statement.equals("pass") || statement.startsWith("import ")
                || statement.startsWith("from ")) {
            return;
        }
        text = statement;
        words = cut(statement);
        at = 0;
        depth = 0;
        if (STATEMENTS.contains(words.getFirst())) {
            throw new SkipException("this Python is not done: " + text);
        }
        if (take("assert")) {
            Object condition = ternary();
            Object message = take(",") ? ternary() : "";
            end();
            if (!truth(condition)) {
                throw new FailException("assertion failed: " + text, text,
                        message.equals("") ? null : "value: " + string(message));
            }
        } else if (take("print")) {
            List<String> values = new ArrayList<>();
            boolean brackets = take("(");
            while (at < words.size() && !peek().equals(")")) {
                values.add(string(ternary()));
                if (!take(",")) {
                    break;
                }
            }
            if (brackets) {
                need(")");
            }
            end();
            printer.accept(String.join(" ", values));
        } else if (words.size() > 2 && words.get(1).equals("=")
                && Character.isJavaIdentifierStart(words.get(0).charAt(0))) {
            at = 2;
            names.put(words.get(0), ternary());
            end();
        } else {
            ternary();
            end();
        }
    }

    private static List<String> cut(String text) {
        List<String> words = new ArrayList<>();
        Matcher m = TOKEN.matcher(text);
        int at = 0;
        while (m.region(at, text.length()).lookingAt()) {
            if (m.group("bad") != null) {
                throw new FailException("this is no Python: " + text);
            }
            words.add(m.group().strip());
            at = m.end();
        }
        return words;
    }

    private void end() {
        if (at < words.size()) {
            throw wrong();
        }
    }

    /** What stands here has no meaning: to this, or to Python itself. */
    private RuntimeException wrong() {
        boolean notIn = peek().equals("not") && at + 1 < words.size() && words.get(at + 1).equals("in");
        return notIn || OPERATORS.contains(peek()) ? new SkipException("this Python is not done: " + text)
                : new FailException("this is no Python: " + text, null, peek().isEmpty() ? "it ends too early"
                        : "'" + peek() + "' stands in the wrong place");
    }

    private void deeper() {
        if (++depth > MAX_DEPTH) {
            throw new FailException("more than " + MAX_DEPTH + " brackets or operators within each other");
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
            throw wrong();
        }
    }

    private Object ternary() {
        deeper();
        Object value = or();
        if (take("if")) {
            boolean condition = truth(or());
            need("else");
            Object other = ternary();
            value = condition ? value : other;
        }
        depth--;
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
        if (!take("not")) {
            return comparison();
        }
        deeper();
        boolean value = !truth(not());
        depth--;
        return value;
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
        boolean text = left instanceof String && right instanceof String;
        if (!text && (left instanceof String || right instanceof String)) {
            if (op.equals("==") || op.equals("!=")) {
                return op.equals("!=");
            }
            throw new FailException("a number and a text have no order: " + string(left) + " " + op + " "
                    + string(right));
        }
        int c = text ? string(left).compareTo(string(right))
                : whole(left) && whole(right) ? Long.compare(integer(left), integer(right))
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
                case "<<" -> Math.multiplyExact(x, 1L << shift(y));
                case ">>" -> x >> shift(y);
                case "+" -> Math.addExact(x, y);
                case "-" -> Math.subtractExact(x, y);
                case "*" -> Math.multiplyExact(x, y);
                case "//" -> Math.floorDiv(x, y);
                default -> Math.floorMod(x, y);
            };
        }
        double x = number(a);
        double y = number(b);
        if (y == 0 && (op.equals("/") || op.equals("//") || op.equals("%"))) {
            throw new ArithmeticException("division by zero");
        }
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

    /** A shift of 63 and more is a matter of big numbers, which there are not here. */
    private static int shift(long by) {
        if (by < 0 || by > 62) {
            throw new ArithmeticException("a shift by " + by);
        }
        return (int) by;
    }

    private Object unary() {
        deeper();
        Object value = signed();
        depth--;
        return value;
    }

    private Object signed() {
        if (take("-")) {
            Object v = unary();
            return whole(v) ? (Object) Math.negateExact(integer(v)) : (Object) (-number(v));
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
            if (Math.abs(power) > MAX_EXACT) {
                throw new ArithmeticException("long overflow");
            }
            return whole(base) && whole(exponent) && number(exponent) >= 0 ? (Object) (long) power : (Object) power;
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
        char c = word.isEmpty() ? ' ' : word.charAt(0);
        boolean operand = c == '\'' || c == '"' || c == '_' || Character.isLetterOrDigit(c)
                || c == '.' && word.length() > 1;
        if (!operand || OPERATORS.contains(word) || KEYWORDS.contains(word)) {
            throw wrong();
        }
        at++;
        if (c == '\'' || c == '"') {
            return word.substring(1, word.length() - 1);
        }
        if (Character.isDigit(c) || c == '.') {
            return literal(word);
        }
        return take("(") ? call(word) : name(word);
    }

    private static Object literal(String word) {
        try {
            return word.startsWith("0x") ? (Object) Long.parseLong(word.substring(2), 16)
                    : word.matches("\\d+") ? (Object) Long.parseLong(word) : (Object) Double.parseDouble(word);
        } catch (NumberFormatException e) {
            throw new FailException("the number " + word + " does not fit in 64 bits");
        }
    }

    private Object call(String function) {
        List<Object> arguments = new ArrayList<>();
        while (!peek().equals(")") && at < words.size()) {
            arguments.add(ternary());
            if (!take(",")) {
                break;
            }
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
            default -> throw LinuxNames.notDone("Python function", function, FUNCTIONS);
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
            throw LinuxNames.VARIABLES.contains(word) || LinuxNames.CONSTANTS.contains(word)
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
