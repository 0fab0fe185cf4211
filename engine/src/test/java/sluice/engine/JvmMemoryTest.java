package sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the JVM's command line says about native memory. */
class JvmMemoryTest {
    @Test
    void theLastOptionCountsInTheUnitsOfTheJvm() {
        assertThat(JvmMemory.limit(List.of("-Xmx64m", "-ea"))).isZero();
        assertThat(JvmMemory.limit(List.of("-XX:MaxDirectMemorySize=4096"))).isEqualTo(4096);
        assertThat(JvmMemory.limit(List.of("-XX:MaxDirectMemorySize=1g", "-XX:MaxDirectMemorySize=24M")))
                .isEqualTo(24 << 20);
        assertThat(JvmMemory.limit(List.of("-XX:MaxDirectMemorySize=0x10k"))).isEqualTo(16 << 10);
    }
}
