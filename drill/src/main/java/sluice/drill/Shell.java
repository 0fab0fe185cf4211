package sluice.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.core.RouteMetrics;
import sluice.core.Setting;
import sluice.core.Settings;

/**
 * Commands of scripts: sysctls become settings, what has no meaning here is passed over, everything else means that the
 * script cannot be run. Never a real shell.
 */
final class Shell {
    private static final Pattern ARITHMETIC = Pattern.compile("\\$\\(\\(([^)]*)\\)\\)");
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])++");
    private static final int MAX_DEPTH = 4;
    /** Files that one script may have run: some that name each other many times would go on for ever. */
    private static final int MAX_FILES = 1000;
    /** Counters of Linux that this stack has not; all others have the same names. */
    private static final Pattern OTHER_COUNTERS = Pattern.compile("MPTcpExt|UdpLite|Icmp6(?:In|Out)Type|IcmpMsg");

    private final Machine machine;
    private final Path directory;
    private final Consumer<String> notes;
    private final Map<Setting, String> saved = new LinkedHashMap<>();
    /** The setting that the command before asked for and that there is not; null when there was none. */
    private @Nullable String unknownSetting;
    private final Map<Counter, Long> countersSeen = new LinkedHashMap<>();
    private int files;

    Shell(Machine machine, Path directory, Consumer<String> notes) {
        this.machine = machine;
        this.directory = directory;
        this.notes = notes;
    }

    /** Does what {@code text} says; FailException when a command that checks something finds it wrong. */
    void run(String text) {
        run(text, 0);
    }

    private void run(String text, int depth) {
        String joined = arithmetic(text.replaceAll("\\\\\\r?\\n", " "));
        for (String line : joined.split("\\r?\\n|&&|;", -1)) {
            alternatives(line.replaceAll("(?:^|\\s)#.*", "").strip(), depth);
        }
    }

    /** "a || b": the next only when the one before failed, which here only a setting that does not exist does. */
    private void alternatives(String line, int depth) {
        for (String command : line.split("\\|\\|", -1)) {
            unknownSetting = null;
            if (!command.isBlank()) {
                command(command.strip(), depth);
            }
            if (unknownSetting == null) {
                return;
            }
        }
        String name = unknownSetting;
        if (name != null && !LinuxNames.hasSysctl(name)) {
            throw new FailException("there is no setting " + name);
        }
    }

    private static String arithmetic(String text) {
        return ARITHMETIC.matcher(text).replaceAll(m -> {
            long product = 1;
            for (String factor : m.group(1).split("\\*", -1)) {
                product = times(product, number(factor.strip()), m.group());
            }
            return Long.toString(product);
        });
    }

    private static long times(long a, long b, String text) {
        try {
            return Math.multiplyExact(a, b);
        } catch (ArithmeticException e) {
            throw new FailException(text + " is more than 64 bits hold");
        }
    }

    private static long number(String text) {
        if (!text.matches("[0-9]{1,9}")) {
            throw new FailException("a number of up to nine digits is needed in place of '" + text + "'");
        }
        return Long.parseLong(text);
    }

    private static List<String> words(String command) {
        List<String> words = new ArrayList<>();
        Matcher m = WORD.matcher(command);
        while (m.find()) {
            words.add(m.group().replaceAll("[\"']", ""));
        }
        return words;
    }

    private void command(String command, int depth) {
        String[] pipeline = command.split("\\|", -1);
        List<String> words = words(pipeline[0].replaceAll("\\d*>(?:&\\d|>?\\s*\\S+)", " "));
        if (words.isEmpty()) {
            return;
        }
        String name = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        switch (name.substring(name.lastIndexOf('/') + 1)) {
            case "sysctl" -> arguments.stream().filter(a -> !a.startsWith("-")).forEach(a -> sysctl(a, false));
            case "set_sysctls.py" -> arguments.forEach(a -> sysctl(a, true));
            case "nstat" -> nstat(pipeline, command);
            case "grep" -> grep(arguments, pipeline, command);
            case "ip" -> ip(arguments, command);
            case "ethtool" -> ethtool(arguments, command);
            case "tc" -> tc(arguments, command);
            case "true", "sleep", "echo" -> {
                // nothing to do
            }
            default -> file(name, command, depth);
        }
    }

    private void sysctl(String assignment, boolean remember) {
        int equals = assignment.indexOf('=');
        if (equals < 0) {
            return;
        }
        String name = assignment.substring(0, equals).replaceFirst("^/proc/sys/", "");
        String value = assignment.substring(equals + 1);
        Setting setting;
        try {
            setting = Settings.find(name);
        } catch (IllegalArgumentException e) {
            unknownSetting = name;
            notes.accept("there is no setting " + name + " here: passed over");
            return;
        }
        if (remember) {
            saved.putIfAbsent(setting, machine.settings().format(setting));
        }
        try {
            machine.settings().set(setting.sysctl(), value);
        } catch (IllegalArgumentException e) {
            // a congestion control, or a range of ours, may be missing; letters in place of a number are a slip
            boolean slip = !setting.isText() && !value.strip().matches("[-0-9xa-fA-F\\s,]+");
            throw slip ? new FailException(String.valueOf(e.getMessage()))
                    : new SkipException(String.valueOf(e.getMessage()));
        }
    }

    private void restore() {
        saved.forEach((setting, value) -> machine.settings().set(setting.sysctl(), value));
        saved.clear();
    }

    private void nstat(String[] pipeline, String command) {
        for (int i = 1; i < pipeline.length; i++) {
            List<String> words = words(pipeline[i].replaceAll("\\d*>(?:&\\d|>?\\s*\\S+)", " "));
            if (words.size() < 2 || !words.getFirst().equals("grep")) {
                throw new SkipException("shell command: " + command);
            }
            Counter counter = counter(words.getLast());
            if (machine.host().counters().get(counter) <= countersSeen.getOrDefault(counter, 0L)) {
                throw new FailException("the counter " + words.getLast() + " did not move");
            }
        }
        for (Counter c : Counter.values()) {
            countersSeen.put(c, machine.host().counters().get(c));
        }
    }

    /** Looks into the kernel's table of TCP endpoints, as /proc/net/tcp shows it. */
    private void grep(List<String> arguments, String[] pipeline, String command) {
        boolean table = arguments.size() > 1
                && arguments.stream().skip(1).allMatch(a -> a.equals("/proc/net/tcp") || a.equals("/proc/net/tcp6"));
        if (!table) {
            throw new SkipException("shell command: " + command);
        }
        List<String> lines = ProcNetTcp.lines(machine.host()).stream().filter(l -> l.contains(arguments.getFirst()))
                .toList();
        for (int i = 1; i < pipeline.length; i++) {
            List<String> words = words(pipeline[i].replaceAll("\\d*>(?:&\\d|>?\\s*\\S+)", " "));
            if (words.size() != 2 || !words.getFirst().equals("grep")) {
                throw new SkipException("shell command: " + command);
            }
            lines = lines.stream().filter(l -> l.contains(words.getLast())).toList();
        }
        if (lines.isEmpty()) {
            throw new FailException("no endpoint is as this command wants it: " + command);
        }
    }

    private static Counter counter(String name) {
        for (Counter c : Counter.values()) {
            if (c.name().equals(name)) {
                return c;
            }
        }
        throw OTHER_COUNTERS.matcher(name).lookingAt() ? new SkipException("the counter " + name + " is not done")
                : new FailException("there is no counter " + name);
    }

    private void ip(List<String> arguments, String command) {
        if (arguments.size() > 1 && arguments.get(0).equals("tcp_metrics") && arguments.get(1).equals("flush")) {
            machine.host().tcp().fastOpen().cache().clear();
            return;
        }
        List<String> words = arguments.isEmpty() || !arguments.getFirst().matches("-[46]") ? arguments
                : arguments.subList(1, arguments.size());
        if (words.size() < 3 || !words.get(0).equals("route") || !words.get(1).matches("add|change|replace")) {
            throw new SkipException("shell command: " + command);
        }
        RouteMetrics metrics = metrics(words.subList(3, words.size()), command);
        try {
            machine.route(words.get(2), metrics);
        } catch (IllegalArgumentException e) {
            throw new FailException(e.getMessage() + ": " + command);
        }
    }

    /** The words behind a destination; where there is one link, "via" and "dev" choose nothing. */
    private static RouteMetrics metrics(List<String> words, String command) {
        int mtu = 0;
        boolean lock = false;
        int advmss = 0;
        int initcwnd = 0;
        for (int i = 0; i + 1 < words.size(); i += 2) {
            String value = words.get(i + 1);
            switch (words.get(i)) {
                case "via", "dev" -> {
                    // one link, without neighbours
                }
                case "mtu" -> {
                    lock = value.equals("lock");
                    i += lock ? 1 : 0;
                    if (i + 1 >= words.size()) {
                        throw new FailException("a number is missing: " + command);
                    }
                    mtu = (int) number(words.get(i + 1));
                }
                case "advmss" -> advmss = (int) number(value);
                case "initcwnd" -> initcwnd = (int) number(value);
                default -> throw new SkipException("shell command: " + command);
            }
        }
        return new RouteMetrics(mtu, lock, advmss, initcwnd);
    }

    /** Linux makes super-segments whatever the device is told; they are cut before the wire either way. */
    private static void ethtool(List<String> arguments, String command) {
        if (arguments.isEmpty() || !arguments.getFirst().equals("-K")
                || arguments.stream().skip(2).anyMatch(a -> !a.matches("[tg]so|gro|on|off"))) {
            throw new SkipException("shell command: " + command);
        }
    }

    /** A plain queue is what there is. */
    private static void tc(List<String> arguments, String command) {
        boolean plain = arguments.equals(List.of("qdisc", "add", "dev", "tun0", "root", "pfifo"))
                || arguments.equals(List.of("qdisc", "add", "dev", "tun0", "root", "fq"));
        if (!plain) {
            throw new SkipException("shell command: " + command);
        }
    }

    private Path path(String name) {
        try {
            return directory.resolve(name).normalize();
        } catch (InvalidPathException e) {
            throw new FailException("there is no file " + name);
        }
    }

    private void file(String name, String command, int depth) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        if (last.startsWith("sysctl_restore_")) {
            restore();
            return;
        }
        if (!name.endsWith(".sh")) {
            // an assignment, or a program of that path, is what a shell would take too
            boolean word = name.indexOf('/') < 0 && name.indexOf('=') < 0;
            throw word && !LinuxNames.COMMANDS.contains(name) ? new FailException("there is no command " + name)
                    : new SkipException("shell command: " + command);
        }
        Path path = path(name);
        if (!Files.isRegularFile(path)) {
            throw new FailException("there is no file " + name);
        }
        if (depth >= MAX_DEPTH) {
            throw new FailException("files that call each other more than " + MAX_DEPTH + " deep: " + name);
        }
        if (++files > MAX_FILES) {
            throw new FailException("more than " + MAX_FILES + " files: " + name);
        }
        try {
            run(DrillRunner.text(path), depth + 1);
        } catch (IOException e) {
            throw new FailException(path + " cannot be read: " + e);
        }
    }
}
