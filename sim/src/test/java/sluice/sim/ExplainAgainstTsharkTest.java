package sluice.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.observe.explain.CaptureAnalysis;
import sluice.observe.explain.Mark;
import sluice.wire.CaptureReader;

/**
 * The marks of packets agree with tshark's {@code tcp.analysis.*}, packet by packet, but for what is different on
 * purpose:
 * <ul>
 * <li>What passes for the second time or fills a gap is the same set; its parts are not. tshark calls out of order what
 * comes within 3 ms (or a round trip) of the segment that overtook it; here timestamps and identifications decide
 * first, so a capture at the receiver's side of the loss shows retransmissions as such. And what is doubled by the
 * network to the byte is a retransmission for tshark, and here it is not.
 * <li>A duplicate acknowledgment is one that comes while something is outstanding (RFC 5681); tshark counts those that
 * repeat the last one when everything has been acknowledged, too: answers to copies, D-SACKs, answers to probes.
 * Where acknowledgments overtake each other, tshark compares with the one that passed last, here it is the highest.
 * </ul>
 * Where tshark is not installed this is skipped, and says so.
 */
class ExplainAgainstTsharkTest {
    /** Where acknowledgments are repeated while nothing is outstanding. */
    private static final Set<String> WITH_OTHER_DUPLICATES = Set.of("duplicates", "zero window", "black hole",
            "loss and reordering");

    @TempDir
    Path directory;

    static Stream<Arguments> captures() {
        return Stream.of( //
                Arguments.of("loss burst", ExplainTest.lossBurst()),
                Arguments.of("reordering", ExplainTest.reordering()),
                Arguments.of("duplicates", ExplainTest.duplicates()),
                Arguments.of("receiver slow", ExplainTest.receiverSlow()),
                Arguments.of("zero window", ExplainTest.zeroWindow()), Arguments.of("reset", ExplainTest.reset()),
                Arguments.of("refused", ExplainTest.refused()), Arguments.of("SYN lost", ExplainTest.synLost()),
                Arguments.of("black hole", ExplainTest.blackHole()), Arguments.of("dead peer", ExplainTest.deadPeer()),
                Arguments.of("Nagle", ExplainTest.nagle()), Arguments.of("small window", ExplainTest.smallWindow()),
                Arguments.of("loss 2 %", random("loss 2%", true)),
                Arguments.of("loss 2 % both ways, no timestamps", random("loss 2%", false)),
                Arguments.of("loss and reordering", random("delay 3ms 1ms loss 1%", true)));
    }

    private static ExplainTest.Place random(String netem, boolean timestamps) {
        ExplainTest.Place p = new ExplainTest.Place(31);
        if (!timestamps) {
            p.client.set("tcp_timestamps", "0");
        }
        p.far.netem(netem);
        p.transfer(1_000_000);
        return p;
    }

    @ParameterizedTest(name = "{0}")
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("captures")
    void agrees(String name, ExplainTest.Place place) throws Exception {
        if (!Files.isExecutable(Path.of("/usr/bin/tshark"))) {
            System.err.println("*** SKIPPED: no tshark (Debian: apt-get install tshark) to compare explain with");
            assumeTrue(false, "SKIPPED: tshark is not installed");
        }
        for (SimHost at : place.world.hosts()) {
            byte[] capture = Captures.pcap(place.world, at);
            Path file = Files.write(directory.resolve("x.pcap"), capture);
            Map<Long, Integer> ours = new HashMap<>();
            try (CaptureReader r = CaptureReader.open(new ByteArrayInputStream(capture))) {
                CaptureAnalysis.read(r, (packet, _, marks) -> ours.put(packet, marks));
            }
            Map<String, Set<Long>> theirs = tshark(file);
            String where = name + " at the " + at + ": packets ";
            Set<Long> repeats = new TreeSet<>(theirs.get("retransmission"));
            repeats.addAll(theirs.get("out_of_order"));
            int again = Mark.RETRANSMISSION.bit() | Mark.OUT_OF_ORDER.bit() | Mark.DUPLICATED.bit();
            assertThat(packets(ours, m -> (m & again) != 0)).as(where + "that repeat or fill a gap").isEqualTo(repeats);
            assertThat(packets(ours, Mark.ZERO_WINDOW::in)).as(where + "with a window of 0")
                    .isEqualTo(theirs.get("zero_window"));
            assertThat(packets(ours, Mark.RESET::in)).as(where + "that reset").isEqualTo(theirs.get("reset"));
            Set<Long> duplicates = packets(ours, Mark.DUPLICATE_ACK::in);
            if (!name.equals("loss and reordering")) {
                assertThat(theirs.get("duplicate_ack")).as(where + "that acknowledge again").containsAll(duplicates);
            }
            if (!WITH_OTHER_DUPLICATES.contains(name)) {
                assertThat(duplicates).as(where + "that acknowledge again").isEqualTo(theirs.get("duplicate_ack"));
            }
        }
    }

    private static Set<Long> packets(Map<Long, Integer> marks, IntPredicate wanted) {
        Set<Long> found = new TreeSet<>();
        marks.forEach((packet, set) -> {
            if (wanted.test(set)) {
                found.add(packet);
            }
        });
        return found;
    }

    private static Map<String, Set<Long>> tshark(Path file) throws Exception {
        String[] names = {"retransmission", "out_of_order", "zero_window", "duplicate_ack", "reset"};
        Process p = new ProcessBuilder("/usr/bin/tshark", "-r", file.toString(), "-n", "-d",
                "tcp.port==1-65535,data", "-T", "fields", "-e", "frame.number", "-e", "tcp.analysis.retransmission",
                "-e", "tcp.analysis.out_of_order", "-e", "tcp.analysis.zero_window", "-e",
                "tcp.analysis.duplicate_ack", "-e", "tcp.flags.reset", "-E", "separator=|")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        Map<String, Set<Long>> found = new HashMap<>();
        for (String name : names) {
            found.put(name, new TreeSet<>());
        }
        try (var reader = p.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] f = line.split("\\|", -1);
                for (int i = 0; i < names.length; i++) {
                    String value = f[i + 1];
                    if (!value.isEmpty() && !value.equals("0") && !value.equals("False")) {
                        found.get(names[i]).add(Long.valueOf(f[0]));
                    }
                }
            }
        }
        assertThat(p.waitFor()).as("tshark's exit status").isZero();
        return found;
    }
}
