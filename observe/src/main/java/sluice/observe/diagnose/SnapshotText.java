package sluice.observe.diagnose;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@code ss -tuanipeom}, {@code nstat -az} and {@code sysctl} print, one behind the other in any order.
 * Lines that are none of these are passed over.
 */
public final class SnapshotText {
    private static final Set<String> STATES = Set.of("ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",
            "TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING", "CLOSED");
    private static final Set<String> OTHER_SOCKETS = Set.of("u_str", "u_dgr", "u_seq", "nl", "p_raw", "p_dgr", "raw",
            "icmp6", "v_str", "xdp", "mptcp", "sctp", "tipc");
    private static final Pattern COUNTER = Pattern.compile("([A-Z][A-Za-z0-9]+)\\s+(-?\\d{1,18})(\\s+[\\d.]+)?\\s*");
    private static final Pattern SETTING = Pattern.compile("(net\\.[\\w.-]+)\\s*=\\s*(.*)");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?)(.*)");
    private static final Pattern TIMER = Pattern.compile("timer:\\(([a-z]+),([^,]*),(\\d{1,9})\\)");
    private static final Pattern USERS = Pattern.compile("users:\\(\\((.*?)\\)\\)");
    private static final Pattern OWNER = Pattern.compile("owner:\\(\\((.*?)\\)\\)(?: |$)");
    private static final Pattern PERCENT = Pattern.compile("(\\w+_limited):[\\d.]+ms\\((\\d+(?:\\.\\d+)?)%\\)");

    private final List<SocketFacts> sockets = new ArrayList<>();
    private final Map<String, Long> counters = new HashMap<>();
    private final Map<String, String> settings = new HashMap<>();
    private @Nullable String socket;
    private final StringBuilder more = new StringBuilder();
    private boolean headed;

    private SnapshotText() {}

    /**
     * What the text says.
     *
     * @throws IllegalArgumentException when it has neither sockets nor counters
     */
    public static Snapshot parse(String text) {
        SnapshotText reader = new SnapshotText();
        text.lines().forEach(reader::line);
        reader.endSocket();
        if (reader.sockets.isEmpty() && reader.counters.isEmpty() && !reader.headed) {
            throw new IllegalArgumentException(
                    "has no output of ss or nstat; make it with: (ss -tuanipeom; nstat -az; sysctl -a) > FILE");
        }
        return new Snapshot(List.copyOf(reader.sockets), Map.copyOf(reader.counters), Map.copyOf(reader.settings));
    }

    private void line(String line) {
        if (line.isBlank()) {
            return;
        }
        if (Character.isWhitespace(line.charAt(0))) {
            if (socket != null) {
                more.append(' ').append(line.strip());
            }
            return;
        }
        endSocket();
        Matcher counter = COUNTER.matcher(line);
        Matcher setting = SETTING.matcher(line);
        if (line.contains("Recv-Q")) {
            headed = true;
        } else if (counter.matches()) {
            counters.put(counter.group(1), Long.parseLong(counter.group(2)));
        } else if (setting.matches()) {
            String name = setting.group(1);
            settings.put(name.startsWith("net.ipv4.") ? name.substring(9) : name, setting.group(2).strip());
        } else {
            socket = line;
        }
    }

    private void endSocket() {
        String first = socket;
        socket = null;
        if (first != null) {
            add(first, more.toString());
        }
        more.setLength(0);
    }

    private void add(String first, String second) {
        String[] words = first.strip().split("\\s+");
        int at = STATES.contains(words[0]) ? 0 : 1;
        if (words.length < at + 5 || !STATES.contains(words[at]) || OTHER_SOCKETS.contains(words[0])) {
            return;
        }
        long[] queues = new long[2];
        for (int i = 0; i < 2; i++) {
            Matcher m = NUMBER.matcher(words[at + 1 + i]);
            if (!m.matches() || !m.group(2).isEmpty()) {
                return;
            }
            queues[i] = (long) Double.parseDouble(m.group(1));
        }
        StringBuilder rest = new StringBuilder();
        for (int i = at + 5; i < words.length; i++) {
            rest.append(words[i]).append(' ');
        }
        String all = rest.append(second).toString();
        Matcher timer = TIMER.matcher(all);
        boolean timed = timer.find();
        Matcher users = USERS.matcher(all);
        Matcher owner = OWNER.matcher(all);
        String netid = at == 0 ? "tcp" : words[0];
        sockets.add(new SocketFacts(netid, words[at], queues[0], queues[1], words[at + 3], words[at + 4],
                owner.find() ? owner.group(1) : users.find() ? users.group(1) : "", timed ? timer.group(1) : "",
                timed ? Integer.parseInt(timer.group(3)) : 0, numbers(all), percents(all)));
    }

    /** "rtt:1.6/3.1" is rtt; "send 12bps" is send; "retrans:1/5" is retrans and, behind the slash, retrans_total. */
    private static Map<String, Double> numbers(String text) {
        Map<String, Double> numbers = new HashMap<>();
        String[] words = text.strip().split("\\s+");
        for (int i = 0; i < words.length; i++) {
            int colon = words[i].indexOf(':');
            if (colon > 0) {
                put(numbers, words[i].substring(0, colon), words[i].substring(colon + 1));
            } else if (i + 1 < words.length && words[i + 1].endsWith("bps")) {
                put(numbers, words[i], words[i + 1]);
            }
        }
        return numbers;
    }

    private static void put(Map<String, Double> numbers, String name, String value) {
        Matcher m = NUMBER.matcher(value);
        if (m.matches()) {
            numbers.put(name, Double.parseDouble(m.group(1)));
            Matcher total = NUMBER.matcher(m.group(2).startsWith("/") ? m.group(2).substring(1) : "");
            if (total.matches()) {
                numbers.put(name + "_total", Double.parseDouble(total.group(1)));
            }
        }
    }

    private static Map<String, Double> percents(String text) {
        Map<String, Double> percents = new HashMap<>();
        Matcher m = PERCENT.matcher(text);
        while (m.find()) {
            percents.put(m.group(1), Double.parseDouble(m.group(2)));
        }
        return percents;
    }
}
