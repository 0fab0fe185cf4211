package sluice.observe.print;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.core.tcp.segment.TcpState;
import sluice.wire.IpAddress;
import sluice.wire.Prefix;

/**
 * What {@code ss} may be told to show: {@code [state STATE | exclude STATE]… [EXPRESSION]}, an expression being made of
 * {@code sport}, {@code dport} (with {@code = != < > <= >=} or {@code eq ne lt gt le ge} and a port), {@code src} and
 * {@code dst} (with an address or a prefix, and a port behind a colon), {@code not}, {@code and}, {@code or} and
 * brackets; two conditions without a word between them must both hold. Immutable.
 */
public final class SocketFilter {
    private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[!<>=]=|&&|\\|\\||[!<>=&|]|[^\\s()!<>=&|]+)");
    private static final int MAX_DEPTH = 100;

    private final @Nullable Set<TcpState> states;
    private final Predicate<SocketRow> expression;

    private SocketFilter(@Nullable Set<TcpState> states, Predicate<SocketRow> expression) {
        this.states = states;
        this.expression = expression;
    }

    /**
     * Reads a filter; no words choose everything.
     *
     * @throws IllegalArgumentException naming the word that is wrong and what may stand there
     */
    public static SocketFilter parse(List<String> words) {
        return new Parser(String.join(" ", words)).filter();
    }

    /** Whether states are named, so that listening or not no longer chooses. */
    public boolean namesStates() {
        return states != null;
    }

    /** Whether the socket is chosen. A UDP socket counts as established or, without a peer, as closed, as in ss. */
    public boolean test(SocketRow row) {
        Set<TcpState> chosen = states;
        TcpState state = row.state() != null ? row.state()
                : row.remotePort() == 0 ? TcpState.CLOSED : TcpState.ESTABLISHED;
        return (chosen == null || chosen.contains(state)) && expression.test(row);
    }

    /** Recursive descent over the words, one behind the other. */
    private static final class Parser {
        private final List<String> tokens = new ArrayList<>();
        private int at;
        private int depth;

        Parser(String text) {
            Matcher m = TOKEN.matcher(text.strip());
            while (m.lookingAt()) {
                tokens.add(m.group(1));
                m.region(m.end(), m.regionEnd());
            }
        }

        SocketFilter filter() {
            Set<TcpState> states = null;
            while (is("state") || is("exclude")) {
                boolean add = next("").equals("state");
                Set<TcpState> named = states(next("the name of a state"));
                if (states == null) {
                    states = add ? EnumSet.noneOf(TcpState.class) : EnumSet.allOf(TcpState.class);
                }
                if (add) {
                    states.addAll(named);
                } else {
                    states.removeAll(named);
                }
            }
            Predicate<SocketRow> expression = at == tokens.size() ? row -> true : or();
            if (at < tokens.size()) {
                throw wrong(tokens.get(at), "the end");
            }
            return new SocketFilter(states, expression);
        }

        private Predicate<SocketRow> or() {
            Predicate<SocketRow> left = and();
            while (is("or") || is("|") || is("||")) {
                at++;
                left = left.or(and());
            }
            return left;
        }

        private Predicate<SocketRow> and() {
            Predicate<SocketRow> left = not();
            while (at < tokens.size() && !is("or") && !is("|") && !is("||") && !is(")")) {
                if (is("and") || is("&") || is("&&")) {
                    at++;
                }
                left = left.and(not());
            }
            return left;
        }

        private Predicate<SocketRow> not() {
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException("more than " + MAX_DEPTH + " brackets or conditions");
            }
            String word = next("a condition");
            return switch (word) {
                case "not", "!" -> not().negate();
                case "(" -> brackets();
                case "sport" -> {
                    LongPredicate port = port();
                    yield r -> port.test(r.localPort());
                }
                case "dport" -> {
                    LongPredicate port = port();
                    yield r -> port.test(r.remotePort());
                }
                case "src" -> address(true);
                case "dst" -> address(false);
                default -> throw wrong(word, "sport, dport, src, dst, not or (; states come first: state NAME");
            };
        }

        private Predicate<SocketRow> brackets() {
            Predicate<SocketRow> inside = or();
            String end = next(")");
            if (!end.equals(")")) {
                throw wrong(end, ")");
            }
            return inside;
        }

        private LongPredicate port() {
            String relation = next("a comparison such as =");
            String text = next("a port");
            String digits = text.startsWith(":") ? text.substring(1) : text.replaceFirst("^\\*:", "");
            int port = portNumber(digits, text);
            return switch (relation) {
                case "=", "==", "eq" -> p -> p == port;
                case "!=", "ne", "neq" -> p -> p != port;
                case "<", "lt" -> p -> p < port;
                case ">", "gt" -> p -> p > port;
                case "<=", "le", "leq" -> p -> p <= port;
                case ">=", "ge", "geq" -> p -> p >= port;
                default -> throw wrong(relation, "one of = != < > <= >=");
            };
        }

        private static int portNumber(String digits, String text) {
            if (!digits.matches("[0-9]{1,5}") || Integer.parseInt(digits) > 65_535) {
                throw wrong(text, "a port in 0…65535, such as :80");
            }
            return Integer.parseInt(digits);
        }

        private Predicate<SocketRow> address(boolean local) {
            boolean unequal = false;
            if (is("=") || is("==") || is("eq") || is("!=") || is("ne")) {
                String relation = next("");
                unequal = relation.startsWith("!") || relation.equals("ne");
            }
            String text = next("an address");
            String host = text;
            Integer port = null;
            Matcher m = Pattern.compile("(\\[[^]]*](?:/\\d+)?|[^:]*):([^:]*)").matcher(text);
            if (m.matches()) {
                host = m.group(1);
                port = portNumber(m.group(2), text);
            }
            host = host.replaceAll("[\\[\\]]", "");
            Prefix prefix = host.isEmpty() || host.equals("*") ? null : prefix(host, text);
            Integer wanted = port;
            Predicate<SocketRow> is = r -> {
                IpAddress a = local ? r.local() : r.remote();
                return (prefix == null || a != null && prefix.contains(a))
                        && (wanted == null || wanted == (local ? r.localPort() : r.remotePort()));
            };
            return unequal ? is.negate() : is;
        }

        private static Prefix prefix(String host, String text) {
            try {
                return host.contains("/") ? Prefix.parse(host) : Prefix.host(IpAddress.parse(host));
            } catch (IllegalArgumentException e) {
                throw wrong(text, "an address, a prefix such as 10.0.0.0/8, with a port behind a colon");
            }
        }

        private static Set<TcpState> states(String name) {
            Set<TcpState> closedOrListening = EnumSet.of(TcpState.LISTEN, TcpState.CLOSED);
            Set<TcpState> small = EnumSet.of(TcpState.SYN_RECEIVED, TcpState.TIME_WAIT);
            return switch (name.toLowerCase(Locale.ROOT)) {
                case "all" -> EnumSet.allOf(TcpState.class);
                case "connected" -> EnumSet.complementOf(EnumSet.copyOf(closedOrListening));
                case "synchronized" -> {
                    Set<TcpState> s = EnumSet.complementOf(EnumSet.copyOf(closedOrListening));
                    s.remove(TcpState.SYN_SENT);
                    yield s;
                }
                case "bucket" -> small;
                case "big" -> EnumSet.complementOf(EnumSet.copyOf(small));
                case "established", "estab" -> EnumSet.of(TcpState.ESTABLISHED);
                case "syn-sent" -> EnumSet.of(TcpState.SYN_SENT);
                case "syn-recv", "syn-rcv" -> EnumSet.of(TcpState.SYN_RECEIVED);
                case "fin-wait-1" -> EnumSet.of(TcpState.FIN_WAIT_1);
                case "fin-wait-2" -> EnumSet.of(TcpState.FIN_WAIT_2);
                case "time-wait" -> EnumSet.of(TcpState.TIME_WAIT);
                case "closed", "unconnected" -> EnumSet.of(TcpState.CLOSED);
                case "close-wait" -> EnumSet.of(TcpState.CLOSE_WAIT);
                case "last-ack" -> EnumSet.of(TcpState.LAST_ACK);
                case "listening", "listen" -> EnumSet.of(TcpState.LISTEN);
                case "closing" -> EnumSet.of(TcpState.CLOSING);
                default -> throw wrong(name, "established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait, "
                        + "closed, close-wait, last-ack, listening, closing, all, connected, synchronized, bucket, "
                        + "big");
            };
        }

        private boolean is(String word) {
            return at < tokens.size() && tokens.get(at).equals(word);
        }

        private String next(String wanted) {
            if (at == tokens.size()) {
                throw new IllegalArgumentException("ends where " + wanted + " is wanted");
            }
            return tokens.get(at++);
        }

        private static IllegalArgumentException wrong(String word, String wanted) {
            return new IllegalArgumentException("\"" + word + "\" stands where this is wanted: " + wanted);
        }
    }
}
