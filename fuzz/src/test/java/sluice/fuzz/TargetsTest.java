package sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.cli.http.HttpTarget;
import sluice.cli.iperf3.Iperf3Target;
import sluice.control.ControlTarget;
import sluice.drill.ScriptTarget;

/**
 * Each target with the inputs of its corpus, and for a second with what small changes make of them: a few hundred
 * thousand executions. Jazzer, which looks where an input goes, is {@code build/fuzz}'s.
 */
class TargetsTest {
    private static final long NANOS = 1_000_000_000L;
    private static final Map<String, Consumer<byte[]>> TARGETS = Map.of( //
            "packets", PacketsTarget::fuzzerTestOneInput, //
            "captures", CapturesTarget::fuzzerTestOneInput, //
            "script", ScriptTarget::fuzzerTestOneInput, //
            "netem", NetemTarget::fuzzerTestOneInput, //
            "http", HttpTarget::fuzzerTestOneInput, //
            "iperf3", Iperf3Target::fuzzerTestOneInput, //
            "control", ControlTarget::fuzzerTestOneInput, //
            "dns", DnsTarget::fuzzerTestOneInput);

    static Stream<String> names() {
        return TARGETS.keySet().stream().sorted();
    }

    private static List<byte[]> corpus(String name) throws IOException {
        Path root = Path.of(System.getProperty("sluice.root", ".."));
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("fuzz/corpus").resolve(name))) {
            for (Path p : files.sorted().toList()) {
                inputs.add(Files.readAllBytes(p));
            }
        }
        return inputs;
    }

    @ParameterizedTest
    @MethodSource("names")
    void whateverComesIsAnsweredAsDeclared(String name) throws IOException {
        Consumer<byte[]> target = TARGETS.get(name);
        List<byte[]> inputs = corpus(name);
        assertThat(inputs).as("inputs in fuzz/corpus/" + name).hasSizeGreaterThan(2);
        inputs.forEach(input -> run(target, input));
        SplittableRandom random = new SplittableRandom(name.hashCode());
        long executions = inputs.size();
        for (long end = System.nanoTime() + NANOS; System.nanoTime() < end; executions++) {
            byte[] input = inputs.get(random.nextInt(inputs.size())).clone();
            byte[] other = inputs.get(random.nextInt(inputs.size()));
            run(target, changed(input, other, random));
        }
        System.out.println("fuzz " + name + ": " + executions + " executions");
    }

    private static void run(Consumer<byte[]> target, byte[] input) {
        try {
            target.accept(input);
        } catch (RuntimeException | Error e) {
            fail("input " + Base64.getEncoder().encodeToString(input), e);
        }
    }

    /** Some bytes changed, taken out, doubled, or taken from another input. */
    private static byte[] changed(byte[] input, byte[] other, SplittableRandom random) {
        byte[] b = input;
        for (int i = random.nextInt(1, 6); i > 0 && b.length > 0; i--) {
            int at = random.nextInt(b.length);
            switch (random.nextInt(5)) {
                case 0 -> b[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> b[at] = (byte) random.nextInt();
                case 2 -> b = joined(b, 0, at, b, Math.min(b.length, at + random.nextInt(1, 9)), b.length);
                case 3 -> b = joined(b, 0, at, b, Math.max(0, at - random.nextInt(1, 33)), b.length);
                default -> b = joined(b, 0, at, other, other.length == 0 ? 0 : random.nextInt(other.length),
                        other.length);
            }
        }
        return b.length > 8192 ? java.util.Arrays.copyOf(b, 8192) : b;
    }

    private static byte[] joined(byte[] a, int from, int to, byte[] b, int then, int end) {
        byte[] r = new byte[to - from + end - then];
        System.arraycopy(a, from, r, 0, to - from);
        System.arraycopy(b, then, r, to - from, end - then);
        return r;
    }
}
