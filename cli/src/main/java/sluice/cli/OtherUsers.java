package sluice.cli;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sluice commands that other users run: their control sockets are closed to us, but that they run can be seen. */
final class OtherUsers {
    /**
     * A process as the system shows it to everybody.
     *
     * @param user who runs it; empty when that is not told
     * @param arguments of its command line
     */
    record Running(long pid, String user, List<String> arguments) {}

    private OtherUsers() {}

    /** All processes. */
    static Stream<Running> processes() {
        return ProcessHandle.allProcesses().map(p -> new Running(p.pid(), p.info().user().orElse(""),
                List.of(p.info().arguments().orElse(new String[0]))));
    }

    /** What to say and do about those that others run; empty when there are none. */
    static String hint(Stream<Running> all, String us) {
        Map<String, List<Long>> byUser = all.filter(p -> !p.user.isEmpty() && !p.user.equals(us))
                .filter(OtherUsers::isOurs)
                .collect(Collectors.groupingBy(p -> p.user, TreeMap::new,
                        Collectors.mapping(p -> p.pid, Collectors.toList())));
        String found = byUser.entrySet().stream()
                .map(e -> e.getKey() + " does (process" + (e.getValue().size() == 1 ? " " : "es ")
                        + e.getValue().stream().sorted().map(String::valueOf).collect(Collectors.joining(", ")) + ")")
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "" : ", but " + found + ": ask as that user, for root with sudo";
    }

    private static boolean isOurs(Running p) {
        int at = p.arguments.indexOf(Main.class.getName());
        return at >= 0 && at + 1 < p.arguments.size()
                && List.of("serve", "demo", "iperf3", "nc", "ping", "fetch").contains(p.arguments.get(at + 1));
    }
}
