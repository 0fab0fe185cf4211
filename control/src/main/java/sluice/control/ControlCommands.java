package sluice.control;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.Host;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.tcp.segment.TcpState;
import sluice.engine.Stack;
import sluice.observe.print.NetstatPrinter;
import sluice.observe.print.NstatPrinter;
import sluice.observe.print.SocketRow;
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
            case "netstat" -> done(NetstatPrinter.print(rows(arguments), process("%d/sluice")));
            case "netstat-statistics" -> done(stack.execute(host -> NstatPrinter.proc(host.counters())));
            default -> new ControlAnswer(2, "unknown request " + command + "\n");
        };
    }

    private static ControlAnswer done(String text) {
        return new ControlAnswer(0, text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
    }

    private ControlAnswer ss(List<String> flags) {
        List<SocketRow> rows = rows(flags);
        if (flags.contains("json")) {
            return done(SsPrinter.json(rows));
        }
        String text = SsPrinter.print(rows, flags.contains("timers"), flags.contains("info"),
                flags.contains("process") ? process("\"sluice\",pid=%d") : null);
        return done(flags.contains("headless") ? text.substring(text.indexOf('\n') + 1) : text);
    }

    private static String process(String form) {
        return String.format(Locale.ROOT, form, ProcessHandle.current().pid());
    }

    /** The sockets that the flags choose: protocols, families and whether they listen. */
    private List<SocketRow> rows(List<String> flags) {
        List<SocketRow> all = stack.execute(host -> SocketTable.snapshot(host, stack.access().nowNs()));
        boolean anyProtocol = !flags.contains("tcp") && !flags.contains("udp");
        boolean anyFamily = !flags.contains("4") && !flags.contains("6");
        return all.stream().filter(r -> anyProtocol || flags.contains(r.protocol()))
                .filter(r -> anyFamily || flags.contains(r.local().isV4() ? "4" : "6")
                        || r.local().equals(IpAddress.ANY_V6))
                .filter(r -> flags.contains("all") || flags.contains("listening") == listens(r)).toList();
    }

    private static boolean listens(SocketRow row) {
        return row.state() == TcpState.LISTEN || row.state() == null && row.remotePort() == 0;
    }

    private ControlAnswer nstat(List<String> flags) {
        boolean zeros = flags.contains("zeros");
        Map<Counter, Long> since = flags.contains("absolute") || flags.contains("reset") ? null : baseline;
        boolean json = flags.contains("json");
        return done(stack.execute(host -> {
            String text = json ? NstatPrinter.json(host.counters(), zeros, since)
                    : NstatPrinter.print(host.counters(), zeros, since);
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
                case "json" -> done(stack.execute(host -> SysctlPrinter.json(host.settings())));
                case "get" -> done(stack.execute(host -> get(host, names, false)));
                case "values" -> done(stack.execute(host -> get(host, names, true)));
                case "set" -> done(stack.execute(host -> set(host, names)));
                default -> new ControlAnswer(2, "sysctl: unknown request " + arguments.getFirst() + "\n");
            };
        } catch (IllegalArgumentException e) {
            return new ControlAnswer(1, "sysctl: " + e.getMessage() + "\n");
        }
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
