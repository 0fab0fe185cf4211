package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sluice.base.Counter;
import sluice.base.Counters;

/** The three numbers of tcp_mem and udp_mem, in pages. */
class MemoryBudgetTest {
    private static final long PAGE = 4096;
    private final Settings settings = new Settings();
    private final Counters counters = new Counters();
    private final HostMemory memory = new HostMemory(new BufferPool(Long.MAX_VALUE), settings, counters);
    private final MemoryBudget tcp = memory.tcp();

    MemoryBudgetTest() {
        settings.set("tcp_mem", "10 20 40");
        settings.set("udp_mem", "10 20 40");
    }

    @Test
    void belowTheFirstNumberNobodyIsAsked() {
        assertThat(tcp.take(10 * PAGE, 1 << 30, false)).isTrue();
        assertThat(tcp.mayGrow()).isFalse();
        assertThat(tcp.underPressure()).isFalse();
    }

    @Test
    void pressureBeginsAboveTheSecondAndEndsBelowTheFirst() {
        tcp.opened();
        memory.setNow(1_000_000_000L);
        tcp.take(20 * PAGE, 0, true);
        assertThat(tcp.underPressure()).isFalse();
        tcp.take(PAGE, 0, true);
        assertThat(tcp.underPressure()).isTrue();
        tcp.give(11 * PAGE);
        assertThat(tcp.underPressure()).as("at the first number").isTrue();
        memory.setNow(1_500_000_000L);
        tcp.give(PAGE);
        assertThat(tcp.underPressure()).isFalse();
        assertThat(counters.get(Counter.TcpExtTCPMemoryPressures)).isEqualTo(1);
        assertThat(counters.get(Counter.TcpExtTCPMemoryPressuresChrono)).isEqualTo(500);
    }

    @Test
    void whoIsOverIsNotToldAndKeepsNobodyWaiting() {
        List<String> told = new ArrayList<>();
        tcp.take(40 * PAGE, 0, true);
        MemoryBudget.Waiter over = () -> told.add("over");
        tcp.await(over);
        tcp.await(() -> told.add("waiting"));
        tcp.forget(over);
        tcp.give(PAGE); // under pressure it is one that is told
        assertThat(told).containsExactly("waiting");
    }

    @Test
    void underPressureWhoHoldsMoreThanTheAverageIsRefused() {
        for (int i = 0; i < 8; i++) {
            tcp.opened();
        }
        tcp.take(21 * PAGE, 0, true);
        assertThat(tcp.take(PAGE, 4 * PAGE, false)).as("8 sockets of 5 pages are the limit").isFalse();
        assertThat(tcp.take(PAGE, 3 * PAGE, false)).isTrue();
        assertThat(tcp.take(PAGE, 100 * PAGE, true)).as("less than the least buffer").isTrue();
    }

    @Test
    void aboveTheLimitOnlyAFirstBlockIsToBeHad() {
        assertThat(tcp.take(40 * PAGE, 0, true)).isTrue();
        assertThat(tcp.isExhausted()).isTrue();
        assertThat(tcp.take(PAGE, 0, true)).isFalse();
        for (int i = 0; i < 40; i++) {
            assertThat(tcp.force(PAGE)).as("forced %d", i).isTrue();
        }
        assertThat(tcp.force(PAGE)).as("beyond twice the limit").isFalse();
    }

    @Test
    void udpKnowsNoPressure() {
        MemoryBudget udp = memory.udp();
        assertThat(udp.take(10 * PAGE, 0, false)).isTrue();
        assertThat(udp.take(PAGE, 0, false)).as("above the first number").isFalse();
        assertThat(udp.take(30 * PAGE, 0, true)).as("udp_rmem_min").isTrue();
        assertThat(udp.take(PAGE, 0, true)).isFalse();
        assertThat(udp.force(PAGE)).isFalse();
    }

    @Test
    void whoWaitsIsToldOnce() {
        int[] told = new int[3];
        tcp.take(40 * PAGE, 0, true);
        tcp.await(() -> told[0]++);
        tcp.await(() -> told[1]++);
        tcp.await(() -> told[2]++);
        tcp.give(PAGE);
        assertThat(told).as("a page for one").containsExactly(1, 0, 0);
        tcp.give(35 * PAGE);
        assertThat(told).as("enough for all").containsExactly(1, 1, 1);
        tcp.give(PAGE);
        assertThat(told).containsExactly(1, 1, 1);
    }

    @Test
    void theNumbersCanBeChangedWhileTheHostRuns() {
        tcp.take(40 * PAGE, 0, true);
        settings.set("tcp_mem", "1000 2000 4000");
        assertThat(tcp.take(PAGE, 0, false)).isTrue();
        assertThat(tcp.underPressure()).isFalse();
    }

    @Test
    void theNumbersFollowFromTheMemory() {
        Settings s = new Settings();
        s.set("udp_mem", "1 2 3");
        MemorySettings.choose(s, 64 << 20, 64 << 20);
        assertThat(s.format(Setting.TCP_MEM)).isEqualTo("2048\t2730\t4096");
        assertThat(s.format(Setting.UDP_MEM)).as("set before").isEqualTo("1\t2\t3");
        assertThat(s.get(Setting.IPFRAG_HIGH_THRESH)).isEqualTo(2 << 20);
        assertThat(s.get(Setting.FILE_MAX)).isEqualTo(4096);
        assertThat(s.get(Setting.TCP_MAX_ORPHANS)).isEqualTo(2048);
        assertThat(s.get(Setting.TCP_MAX_TW_BUCKETS)).isEqualTo(16_384);
        MemorySettings.choose(s, 128L << 20, 128L << 20);
        assertThat(s.get(Setting.FILE_MAX)).as("chosen is not set").isEqualTo(8192);
    }
}
