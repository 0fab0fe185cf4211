package sluice.buildrules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LineNumberInfo;
import java.lang.reflect.AccessFlag;
import java.util.IntSummaryStatistics;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is asked of methods, by the byte code: few parameters, and a word about those that have grown long. */
class MethodsTest {
    private static final int MOST_PARAMETERS = 7;
    private static final int LONG_METHOD_LINES = 60;

    /**
     * Methods with more parameters than {@link #MOST_PARAMETERS}: the list only shrinks. Those of {@code wire} write
     * the fields of a header in the order of the standard; the others wait for an object that says what they belong to.
     */
    private static final Set<String> WITH_MORE = Set.of("AccEcnSender.onAck", "Checksum.transport",
            "DrillRunner.result", "FlowTable.see", "Ipv4.write", "Ipv6.write", "KeyDerivation.derive",
            "Ndp.writeNeighbor", "PacketBuilder.icmp", "PacketBuilder.quote", "PacketBuilder.tcp",
            "PartialDatagram.add", "Reassembly.add", "Tcp.write", "UdpSender.queue");

    private static final SortedMap<String, Integer> parameters = new TreeMap<>();
    private static final SortedMap<String, Integer> lines = new TreeMap<>();

    static {
        Modules.productClasses().forEach(MethodsTest::read);
    }

    private static void read(JavaClass c) {
        String file = "/" + c.getName().replace('.', '/') + ".class";
        try (InputStream in = MethodsTest.class.getResourceAsStream(file)) {
            if (in != null) {
                ClassModel model = ClassFile.of().parse(in.readAllBytes());
                String name = c.getName().substring(c.getName().lastIndexOf('.') + 1);
                model.methods().forEach(m -> read(model, name, m));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void read(ClassModel c, String owner, MethodModel m) {
        String name = owner + "." + m.methodName().stringValue();
        if (m.flags().has(AccessFlag.SYNTHETIC)) {
            return;
        }
        int count = m.methodTypeSymbol().parameterCount();
        boolean constructor = m.methodName().equalsString("<init>");
        boolean ofRecord = c.findAttribute(Attributes.record()).isPresent();
        boolean ofEnum = c.flags().has(AccessFlag.ENUM);
        if (!(constructor && ofRecord)) {
            parameters.merge(name, constructor && ofEnum ? count - 2 : count, Math::max); // an enum's name and ordinal
        }
        if (!constructor && !m.methodName().equalsString("<clinit>")) { // these hold the initializers of fields
            m.code().flatMap(code -> code.findAttribute(Attributes.lineNumberTable())).ifPresent(table -> {
                IntSummaryStatistics s = table.lineNumbers().stream().mapToInt(LineNumberInfo::lineNumber)
                        .summaryStatistics();
                lines.merge(name, s.getMax() - s.getMin() + 2, Math::max);
            });
        }
    }

    @Test
    void methodsHaveFewParameters() {
        assertThat(parameters).as("methods read").hasSizeGreaterThan(3000);
        SortedSet<String> more = new TreeSet<>();
        parameters.forEach((name, count) -> {
            if (count > MOST_PARAMETERS) {
                more.add(name);
            }
        });
        assertThat(more).as("methods of more than %d parameters; one that is not in the list wants an object that says "
                + "what they belong to, one that is no longer here leaves it", MOST_PARAMETERS)
                .containsExactlyInAnyOrderElementsOf(WITH_MORE);
    }

    @Test
    void parametersAreCountedAsTheyAreWritten() {
        assertThat(parameters).containsEntry("Seq.inWindow", 3).containsEntry("SipHash.hash", 5)
                .doesNotContainKey("TraceEvent$MtuProbe.<init>");
        assertThat(parameters.get("Errno.<init>")).as("an enum's name and ordinal are not written").isLessThan(4);
    }

    /** A list to look at, not a rule. */
    @Test
    void longMethodsAreListed() {
        SortedSet<String> found = new TreeSet<>();
        lines.forEach((name, count) -> {
            if (count > LONG_METHOD_LINES) {
                found.add(String.format("%5d  %s", count, name));
            }
        });
        if (!found.isEmpty()) {
            System.out.println("Methods of more than " + LONG_METHOD_LINES + " lines:\n" + String.join("\n", found));
        }
        assertThat(lines).as("methods read").containsKey("Seq.lt");
    }
}
