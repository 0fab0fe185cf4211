package sluice.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.core.LinkProperties;
import sluice.wire.Bytes;
import sluice.wire.Packet;
import sluice.wire.Segmenter;
import sluice.wire.TransportHeaders;

class SegmentationTest {
    private static final int FIN_PSH_ACK_CWR = 0x01 | 0x08 | 0x10 | 0x80;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cutsTcpAsHardwareDoes(boolean v6) {
        Packet whole = TestPackets.tcp(v6, 0xffff_ff00, FIN_PSH_ACK_CWR, 3500, 1000);
        checkCut(whole, v6, false);
        checkCut(whole, v6, true);
    }

    @Test
    void cutsAPayloadThatLiesInATail() {
        Packet whole = TestPackets.tcp(false, 0xffff_ff00, FIN_PSH_ACK_CWR, 3500, 1000);
        MemorySegment tail = Arena.ofAuto().allocate(3000);
        MemorySegment.copy(whole.memory, whole.end - 2700, tail, 100, 2700);
        whole.tail = tail;
        whole.tailOffset = 100;
        whole.tailLength = 2700;
        whole.end -= 2700;
        checkCut(whole, false, false);
    }

    private static void checkCut(Packet whole, boolean v6, boolean keepPartial) {
        Segmenter segmenter = new Segmenter(false);
        assertThat(segmenter.begin(whole)).isTrue();
        Packet p = Packet.ofMaxSize();
        int[] lengths = {1000, 1000, 1000, 500};
        for (int i = 0; i < 4; i++) {
            assertThat(segmenter.next(p, keepPartial)).isTrue();
            int t = TestPackets.transport(p);
            assertThat(p.end - t - 32).isEqualTo(lengths[i]);
            assertThat(v6 ? Bytes.u16(p.memory, p.start + 4) + 40 : Bytes.u16(p.memory, p.start + 2))
                    .isEqualTo(p.length());
            assertThat(Bytes.i32(p.memory, t + 4)).isEqualTo(0xffff_ff00 + i * 1000);
            int expectedFlags = i == 0 ? 0x90 : i == 3 ? 0x19 : 0x10;
            assertThat(Bytes.u8(p.memory, t + 13)).isEqualTo(expectedFlags);
            if (!v6) {
                assertThat(Bytes.u16(p.memory, p.start + 4)).isEqualTo((0xfffe + i) & 0xffff);
                assertThat(TestPackets.networkSum(p)).isEqualTo(0xffff);
            }
            assertThat(p.checksumPartial).isEqualTo(keepPartial);
            TransportHeaders.completeChecksum(p);
            assertThat(TestPackets.transportSum(p)).isEqualTo(0xffff);
            for (int j = 0; j < lengths[i]; j++) {
                assertThat(Bytes.u8(p.memory, t + 32 + j)).isEqualTo((i * 1000 + j) & 255);
            }
            assertThat(p.gsoSize).isZero();
        }
        assertThat(segmenter.next(p, keepPartial)).isFalse();
    }

    @Test
    void pushStandsInEverySegmentWhereTheSenderWantsIt() {
        Packet whole = TestPackets.tcp(false, 1, FIN_PSH_ACK_CWR, 3500, 1000);
        whole.gsoPushesAll = true;
        Segmenter segmenter = new Segmenter(false);
        assertThat(segmenter.begin(whole)).isTrue();
        Packet p = Packet.ofMaxSize();
        for (int expected : new int[]{0x98, 0x18, 0x18, 0x19}) {
            assertThat(segmenter.next(p, false)).isTrue();
            assertThat(Bytes.u8(p.memory, TestPackets.transport(p) + 13)).isEqualTo(expected);
            assertThat(TestPackets.transportSum(p)).isEqualTo(0xffff);
        }
        assertThat(segmenter.next(p, false)).isFalse();
    }

    @Test
    void aLinkThatCutsAndSumsIsNotWrapped() {
        PipeLink.Pair plain = PipeLink.pair(1500);
        Link wrapped = SegmentationLink.withOffloads(plain.a());
        assertThat(wrapped).isInstanceOf(SegmentationLink.class);
        assertThat(SegmentationLink.withOffloads(wrapped)).isSameAs(wrapped);
    }

    @Test
    void refusesWhatContradictsItself() {
        Segmenter segmenter = new Segmenter(false);
        assertThat(segmenter.begin(TestPackets.tcp(false, 1, 16, 3000, 0))).isFalse();
        Packet wrongLength = TestPackets.tcp(false, 1, 16, 3000, 1000);
        wrongLength.gsoHeaderLength += 4;
        assertThat(segmenter.begin(wrongLength)).isFalse();
        Packet fragment = TestPackets.tcp(false, 1, 16, 3000, 1000);
        Bytes.put16(fragment.memory, fragment.start + 6, 0x2000);
        assertThat(segmenter.begin(fragment)).isFalse();
        Packet cut = TestPackets.tcp(false, 1, 16, 3000, 1000);
        cut.end = cut.start + 30;
        assertThat(segmenter.begin(cut)).isFalse();
    }

    @Test
    void aLinkWithoutOffloadsGetsWirePacketsWithWholeChecksums() {
        PipeLink.Pair pipe = PipeLink.pair(1500);
        SegmentationLink link = new SegmentationLink(pipe.a(), false);
        assertThat(link.properties())
                .isEqualTo(LinkProperties.plain(1500).withOffloads(65_535).withGathering().withDatagramCutting());
        assertThat(link.transmit(TestPackets.tcp(true, 7, 0x18, 5000, 1400), 0)).isTrue();
        assertThat(link.transmit(TestPackets.tcp(false, 7, 0x18, 100, 0), 0)).isTrue();
        List<Packet> out = TestPackets.drain(pipe.b(), 0);
        assertThat(out).hasSize(5).allSatisfy(p -> {
            assertThat(TestPackets.transportSum(p)).isEqualTo(0xffff);
            assertThat(p.checksumPartial).isFalse();
        });
    }

    @Test
    void whatALinkThatFillsUpDoesNotTakeIsSentLater() {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), 3);
        SegmentationLink link = new SegmentationLink(pipe.a(), false);
        assertThat(link.transmit(TestPackets.tcp(false, 0, 0x10, 5000, 1000), 5)).isTrue();
        assertThat(link.transmit(TestPackets.tcp(false, 5000, 0x10, 1000, 0), 5)).isFalse();
        assertThat(link.nextEventNs()).isEqualTo(1_000_005);
        List<Packet> out = new ArrayList<>(TestPackets.drain(pipe.b(), 6));
        assertThat(link.receive(Packet.ofMaxSize(), 7)).isFalse();
        assertThat(link.nextEventNs()).isEqualTo(Long.MAX_VALUE);
        assertThat(link.transmit(TestPackets.tcp(false, 5000, 0x10, 1000, 0), 8)).isTrue();
        out.addAll(TestPackets.drain(pipe.b(), 9));
        assertThat(out).extracting(p -> Bytes.i32(p.memory, TestPackets.transport(p) + 4)).containsExactly(0, 1000,
                2000, 3000, 4000, 5000);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mergingUndoesCutting(boolean v6) {
        PipeLink.Pair pipe = PipeLink.pair(1500);
        SegmentationLink cutter = new SegmentationLink(pipe.a(), false);
        SegmentationLink merger = new SegmentationLink(pipe.b(), true);
        Packet whole = TestPackets.tcp(v6, 100, 0x18, 20_500, 1000);
        cutter.transmit(whole, 0);
        cutter.transmit(TestPackets.tcp(v6, 99_999, 0x10, 700, 0), 0); // a hole: not merged
        List<Packet> out = TestPackets.drain(merger, 1);
        assertThat(out).hasSize(2);
        Packet merged = out.getFirst();
        assertThat(merged.gsoSize).isEqualTo(1000);
        assertThat(merged.gsoHeaderLength).isEqualTo(whole.gsoHeaderLength);
        assertThat(merged.segments()).isEqualTo(21);
        assertThat(merged.checksumPartial).isTrue();
        assertThat(merged.checksumStart).isEqualTo(whole.checksumStart);
        assertThat(bytes(merged)).isEqualTo(bytes(whole));
        assertThat(Bytes.i32(out.get(1).memory, TestPackets.transport(out.get(1)) + 4)).isEqualTo(99_999);
        assertThat(out.get(1).gsoSize).isZero();
    }

    /** A super-segment has one size and a shorter end: nothing is merged behind that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aShortSegmentEndsAMerge(boolean v6) {
        PipeLink.Pair pipe = PipeLink.pair(1500);
        SegmentationLink merger = new SegmentationLink(pipe.b(), true);
        int seq = 0;
        for (int length : new int[]{1000, 1000, 500, 500, 1000, 300, 1000}) {
            pipe.a().transmit(TestPackets.tcp(v6, seq, 0x10, length, 0), 0);
            seq += length;
        }
        List<Packet> out = TestPackets.drain(merger, 1);
        assertThat(out).extracting(p -> p.end - TestPackets.transport(p) - 32).containsExactly(2500, 500, 1300, 1000);
        assertThat(out).extracting(p -> p.gsoSize).containsExactly(1000, 0, 1000, 0);
    }

    @Test
    void damagedSegmentsAreNotMerged() {
        PipeLink.Pair pipe = PipeLink.pair(1500);
        SegmentationLink merger = new SegmentationLink(pipe.b(), true);
        for (int i = 0; i < 3; i++) {
            Packet p = TestPackets.tcp(false, i * 1000, 0x10, 1000, 0);
            TransportHeaders.completeChecksum(p);
            p.checksumValid = false;
            if (i == 1) {
                Bytes.put8(p.memory, p.end - 1, 99);
            }
            pipe.a().transmit(p, 0);
        }
        assertThat(TestPackets.drain(merger, 1)).hasSize(3).allMatch(p -> p.gsoSize == 0 && p.gsoHeaderLength == 0);
    }

    private static byte[] bytes(Packet p) {
        return p.memory.asSlice(p.start, p.length()).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
}
