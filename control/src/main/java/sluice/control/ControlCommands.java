package sluice.control;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.Host;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.segment.TcpState;
import sluice.engine.Stack;
import sluice.observe.metrics.OpenMetrics;
import sluice.observe.print.NetstatPrinter;
import sluice.observe.print.NetstatSentences;
import sluice.observe.print.NstatPrinter;
import sluice.observe.print.SocketFilter;
import sluice.observe.print.SocketRow;
import sluice.observe.print.SocketSummary;
import sluice.observe.print.SocketTable;
import sluice.observe.print.SsPrinter;
import sluice.observe.print.SysctlPrinter;
import sluice.wire.IpAddress;

/** The commands of the control socket: they read the host inside its shard and answer text. */
final class ControlCommands {
    private final Stack stack;
    private final String title;
    private @Nullable Map<Counter, Long> baseline;

    ControlCommands(Stack stack, String title) {
        this.stack = stack;
        this.title = title;
    }

    ControlAnswer run(String command, List<String> arguments) {
        return switch (command) {
            case "title" -> done(title + "\n");
            case "nstat" -> nstat(arguments);
            case "sysctl" -> sysctl(arguments);
            case "ss" -> ss(arguments);
            case "netstat" -> netstat(arguments);
            case "metrics" -> done(stack.execute(host -> OpenMetrics.print(host, stack.access().nowNs())));
            case "netstat-statistics" -> done(stack.execute(host -> arguments.contains("json")
                    ? NstatPrinter.jsonByGroup(host.counters()) : NetstatSentences.print(host.counters())));
            default -> new ControlAnswer(2, "unknown request " + command + "\n");
        };
    }

    private static ControlAnswer done(String text) {
        return new ControlAnswer(0, text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }

    private ControlAnswer netstat(List<String> flags) {
        List<SocketRow> rows = rows(flags, SocketFilter.parse(List.of()),
                r -> flags.contains("listening") == listens(r));
        String program = process("%d/sluice");
        return done(flags.contains("json") ? NetstatPrinter.json(rows, program) : NetstatPrinter.print(rows, program));
    }

    /** Flags, then "--" and the words of a filter. */
    private ControlAnswer ss(List<String> arguments) {
        int end = arguments.indexOf("--");
        List<String> flags = end < 0 ? arguments : arguments.subList(0, end);
        if (flags.contains("summary")) {
            return done(SocketSummary.print(snapshot()));
        }
        List<SocketRow> rows = rows(flags,
                SocketFilter.parse(end < 0 ? List.of() : arguments.subList(end + 1, arguments.size())),
                r -> flags.contains("listening") ? listens(r) : isConnected(r));
        if (flags.contains("json")) {
            return done(SsPrinter.json(rows));
        }
        String text = SsPrinter.print(rows, flags.contains("tcp") == flags.contains("udp"), flags.contains("timers"),
                flags.contains("info"),
                flags.contains("process") ? process("\"sluice\",pid=%d") : null);
        return done(flags.contains("headless") ? text.substring(text.indexOf('\n') + 1) : text);
    }

    private static String process(String form) {
        return String.format(Locale.ROOT, form, ProcessHandle.current().pid());
    }

    private List<SocketRow> snapshot() {
        return stack.execute(host -> SocketTable.snapshot(host, stack.access().nowNs()));
    }

    /**
     * The sockets that flags and filter choose; where neither "all" nor a filter names states, those in a usual one.
     */
    private List<SocketRow> rows(List<String> flags, SocketFilter filter, Predicate<SocketRow> usual) {
        List<SocketRow> all = snapshot();
        boolean anyProtocol = !flags.contains("tcp") && !flags.contains("udp");
        boolean anyFamily = !flags.contains("4") && !flags.contains("6");
        return all.stream().filter(r -> anyProtocol || flags.contains(r.protocol()))
                .filter(r -> anyFamily || flags.contains(r.local().isV4() ? "4" : "6")
                        || r.local().equals(IpAddress.ANY_V6))
                .filter(filter::test)
                .filter(r -> flags.contains("all") || filter.namesStates() || usual.test(r))
                .toList();
    }

    /** What ss shows without -a: neither listeners nor half-opens nor what only waits for its end (SS_CONN). */
    static boolean isConnected(SocketRow row) {
        return !listens(row) && row.state() != TcpState.TIME_WAIT && row.state() != TcpState.SYN_RECEIVED
                && row.state() != TcpState.CLOSED;
    }

    private static boolean listens(SocketRow row) {
        return row.state() == TcpState.LISTEN || row.state() == null && row.remotePort() == 0;
    }

    /** Flags, then "--" and patterns. */
    private ControlAnswer nstat(List<String> arguments) {
        int end = arguments.indexOf("--");
        List<String> flags = end < 0 ? arguments : arguments.subList(0, end);
        Predicate<Counter> wanted = NstatPrinter
                .matching(end < 0 ? List.of() : arguments.subList(end + 1, arguments.size()));
        boolean zeros = flags.contains("zeros");
        Map<Counter, Long> since = flags.contains("absolute") || flags.contains("reset") ? null : baseline;
        boolean json = flags.contains("json");
        return done(stack.execute(host -> {
            String text = json ? NstatPrinter.json(host.counters(), zeros, since, wanted)
                    : NstatPrinter.print(host.counters(), zeros, since, wanted);
            if (!flags.contains("keep")) {
                baseline = NstatPrinter.snapshot(host.counters());
            }
            return text;
        }));
    }

    private ControlAnswer sysctl(List<String> arguments) {
        if (arguments.isEmpty()) {
            return new ControlAnswer(2, "sysctl: nothing to do\n");
        }
        List<String> names = arguments.subList(1, arguments.size());
        try {
            return switch (arguments.getFirst()) {
                case "all" -> done(stack.execute(host -> SysctlPrinter.all(host.settings())));
                case "describe" -> done(stack.execute(host -> SysctlPrinter.describe(host.settings())));
                case "json" -> done(stack.execute(host -> SysctlPrinter.json(host.settings(), settings(names))));
                case "get" -> done(stack.execute(host -> get(host, names, false)));
                case "values" -> done(stack.execute(host -> get(host, names, true)));
                case "set" -> done(stack.execute(host -> set(host, names)));
                default -> new ControlAnswer(2, "sysctl: unknown request " + arguments.getFirst() + "\n");
            };
        } catch (IllegalArgumentException e) {
            return new ControlAnswer(1, "sluice sysctl: " + e.getMessage() + "\n");
        }
    }

    /** The settings of these names; all when there are none. */
    private static List<Setting> settings(List<String> names) {
        return names.isEmpty() ? List.of(Setting.values()) : names.stream().map(Settings::find).toList();
    }

    private static String get(Host host, List<String> names, boolean valuesOnly) {
        StringBuilder out = new StringBuilder();
        for (String name : names) {
            Setting setting = Settings.find(name);
            out.append(valuesOnly ? host.settings().format(setting) : SysctlPrinter.one(host.settings(), setting))
                    .append('\n');
        }
        return out.toString();
    }

    private static String set(Host host, List<String> assignments) {
        StringBuilder out = new StringBuilder();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("\"" + assignment + "\" must be of the form name=value");
            }
            String name = assignment.substring(0, equals).strip();
            host.settings().set(name, assignment.substring(equals + 1).strip());
            out.append(SysctlPrinter.one(host.settings(), Settings.find(name))).append('\n');
        }
        return out.toString();
    }
}
