package sluice.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.Mark;
import sluice.wire.CaptureReader;

/** tshark's {@code tcp.analysis.*} of a capture beside the marks of {@code explain}, packet by packet. */
final class Tshark {
    /** What both say of packets. */
    enum Sign {
        /** What repeats bytes or fills a gap: retransmissions and out-of-order segments together. */
        REPEATS,
        /** An acknowledgment that says the same again, and is no report of bytes that came twice (D-SACK). */
        DUPLICATE_ACKS,
        /** A window of 0. */
        ZERO_WINDOWS,
        /** A reset. */
        RESETS
    }

    /**
     * A sign of a capture.
     *
     * @param both packets of which both say it
     * @param ours of which explain alone says it
     * @param theirs of which tshark alone says it
     */
    record Compared(Set<Long> both, Set<Long> ours, Set<Long> theirs) {
        boolean agrees() {
            return ours.isEmpty() && theirs.isEmpty();
        }
    }

    private static final String[] FIELDS = {"tcp.analysis.retransmission", "tcp.analysis.out_of_order",
        "tcp.analysis.duplicate_ack", "tcp.analysis.zero_window", "tcp.flags.reset"};

    private Tshark() {}

    /** What the two say of a capture. */
    static Map<Sign, Compared> compare(Path capture) throws IOException, InterruptedException {
        Set<Long> dsacks = new TreeSet<>();
        Map<Sign, Set<Long>> ours = ours(capture, dsacks);
        Map<Sign, Set<Long>> theirs = theirs(capture);
        ours.get(Sign.DUPLICATE_ACKS).removeAll(dsacks);
        theirs.get(Sign.DUPLICATE_ACKS).removeAll(dsacks);
        Map<Sign, Compared> all = new EnumMap<>(Sign.class);
        for (Sign s : Sign.values()) {
            Set<Long> both = new TreeSet<>(ours.get(s));
            both.retainAll(theirs.get(s));
            ours.get(s).removeAll(both);
            theirs.get(s).removeAll(both);
            all.put(s, new Compared(both, ours.get(s), theirs.get(s)));
        }
        return all;
    }

    private static Map<Sign, Set<Long>> none() {
        Map<Sign, Set<Long>> all = new EnumMap<>(Sign.class);
        for (Sign s : Sign.values()) {
            all.put(s, new TreeSet<>());
        }
        return all;
    }

    private static Map<Sign, Set<Long>> ours(Path capture, Set<Long> dsacks) throws IOException {
        Map<Sign, Set<Long>> all = none();
        int again = Mark.RETRANSMISSION.bit() | Mark.OUT_OF_ORDER.bit() | Mark.DUPLICATED.bit();
        try (CaptureReader r = CaptureReader.open(Files.newInputStream(capture))) {
            CaptureAnalysis.read(r, (packet, _, marks) -> {
                if ((marks & again) != 0) {
                    all.get(Sign.REPEATS).add(packet);
                }
                if (Mark.DUPLICATE_ACK.in(marks)) {
                    all.get(Sign.DUPLICATE_ACKS).add(packet);
                }
                if (Mark.D_SACK.in(marks)) {
                    dsacks.add(packet);
                }
                if (Mark.ZERO_WINDOW.in(marks)) {
                    all.get(Sign.ZERO_WINDOWS).add(packet);
                }
                if (Mark.RESET.in(marks)) {
                    all.get(Sign.RESETS).add(packet);
                }
            });
        }
        return all;
    }

    private static Map<Sign, Set<Long>> theirs(Path capture) throws IOException, InterruptedException {
        Map<Sign, Set<Long>> all = none();
        List<String> command = new ArrayList<>(List.of("tshark", "-r", capture.toString(), "-n", "-d",
                "tcp.port==1-65535,data", "-Y", "tcp", "-T", "fields", "-e", "frame.number"));
        for (String f : FIELDS) {
            command.addAll(List.of("-e", f));
        }
        command.addAll(List.of("-E", "separator=|", "-E", "occurrence=f"));
        Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var reader = p.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] f = line.split("\\|", -1);
                long packet = Long.parseLong(f[0]);
                for (int i = 0; i < FIELDS.length; i++) {
                    boolean set = !f[i + 1].isEmpty() && !f[i + 1].equals("0") && !f[i + 1].equals("False");
                    if (set) {
                        all.get(Sign.values()[Math.max(0, i - 1)]).add(packet);
                    }
                }
            }
        }
        int status = p.waitFor();
        if (status != 0 && all.values().stream().allMatch(Set::isEmpty)) {
            throw new IOException("tshark cannot read " + capture + " (status " + status + ")");
        }
        return all;
    }

    /** In a line each, those that differ only. */
    static Map<String, Compared> differences(Map<Sign, Compared> all) {
        Map<String, Compared> some = new LinkedHashMap<>();
        all.forEach((sign, c) -> {
            if (!c.agrees()) {
                some.put(sign.name(), c);
            }
        });
        return some;
    }
}
