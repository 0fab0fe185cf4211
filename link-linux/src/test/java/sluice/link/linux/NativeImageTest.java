package sluice.link.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What GraalVM's native-image has to know of our calls of the C library: {@code reachability-metadata.json} of this
 * jar, made of the descriptors that {@link Libc} links. The words are those of "Foreign Function and Memory API in
 * Native Image" for JDK 25.
 */
class NativeImageTest {
    private static final String FILE = "META-INF/native-image/dev.sluice/sluice-link-linux/reachability-metadata.json";
    private static final String COMMAND = "mvn -q -Dquick -pl link-linux -am test -Dtest=NativeImageTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dsluice.test.jvm=-Dsluice.write=true";

    private static String layout(MemoryLayout layout) {
        return switch (layout) {
            case AddressLayout a -> "void*";
            case ValueLayout v -> "j" + v.carrier().getName();
            default -> throw new IllegalArgumentException("no word for " + layout);
        };
    }

    private static String entry(Downcall call) {
        FunctionDescriptor type = call.type();
        String parameters = type.argumentLayouts().stream().map(l -> '"' + layout(l) + '"')
                .collect(Collectors.joining(", "));
        List<String> options = new ArrayList<>();
        if (call.errno()) {
            options.add("\"captureCallState\": true");
        }
        if (call.firstVariadic() >= 0) {
            options.add("\"firstVariadicArg\": " + call.firstVariadic());
        }
        String result = type.returnLayout().map(NativeImageTest::layout).orElse("void");
        return "{ \"returnType\": \"" + result + "\", \"parameterTypes\": [" + parameters + "]"
                + (options.isEmpty() ? "" : ", \"options\": { " + String.join(", ", options) + " }") + " }";
    }

    /** The file for such calls; functions that are called alike share an entry. */
    private static String metadata(List<Downcall> calls) {
        return calls.stream().map(NativeImageTest::entry).collect(Collectors.toCollection(TreeSet::new)).stream()
                .collect(Collectors.joining(",\n      ", "{\n  \"foreign\": {\n    \"downcalls\": [\n      ",
                        "\n    ]\n  }\n}\n"));
    }

    /** The functions that an image with this metadata could not link. */
    private static List<String> missing(String metadata, List<Downcall> calls) {
        return calls.stream().filter(c -> !metadata.contains(entry(c))).map(Downcall::name).toList();
    }

    @Test
    void theCommittedMetadataIsWhatTheCallsNeed() throws IOException {
        String wanted = metadata(Libc.downcalls());
        if (Boolean.getBoolean("sluice.write")) {
            Path source = Path.of(System.getProperty("sluice.root"), "link-linux/src/main/resources", FILE);
            Files.createDirectories(source.getParent());
            Files.writeString(source, wanted, UTF_8);
        }
        assertThat(inTheJar()).as("%s is not what Libc links. Write it anew:%n%s", FILE, COMMAND).isEqualTo(wanted);
    }

    private static String inTheJar() throws IOException {
        try (var in = NativeImageTest.class.getClassLoader().getResourceAsStream(FILE)) {
            return in == null ? "" : new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void aCallThatTheMetadataDoesNotHaveIsNamed() throws IOException {
        assertThat(missing(inTheJar(), Libc.downcalls())).isEmpty();
        FunctionDescriptor type = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_DOUBLE);
        List<Downcall> more = Stream.concat(Libc.downcalls().stream(), Stream.of(Downcall.withErrno("odd", type)))
                .toList();
        assertThat(missing(inTheJar(), more)).as("another type").containsExactly("odd");
        Downcall open = Libc.downcalls().stream().filter(c -> c.name().equals("open")).findAny().orElseThrow();
        assertThat(missing(inTheJar(), List.of(Downcall.of("open2", open.type())))).as("other options")
                .containsExactly("open2");
    }

    @Test
    void theWordsAreThoseOfNativeImage() {
        FunctionDescriptor type = FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.JAVA_SHORT);
        assertThat(metadata(List.of(Downcall.variadic("f", 1, type)))).isEqualToIgnoringWhitespace("""
                {"foreign": {"downcalls": [
                  { "returnType": "void", "parameterTypes": ["void*", "jshort"],
                    "options": { "captureCallState": true, "firstVariadicArg": 1 } }
                ]}}
                """);
    }
}
