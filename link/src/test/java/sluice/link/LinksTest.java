package sluice.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sluice.core.LinkProperties;
import sluice.wire.Packet;

class LinksTest {
    @Test
    void aPipeCarriesBothWaysInOrderAndSaysWhenItIsFull() {
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), 10);
        for (int i = 0; i < 10; i++) {
            assertThat(pipe.a().transmit(TestPackets.numbered(i, 100 + 100 * i), 5)).isTrue();
        }
        assertThat(pipe.a().transmit(TestPackets.numbered(10, 100), 5)).isFalse();
        assertThat(pipe.b().transmit(TestPackets.numbered(77, 100), 5)).isTrue();
        List<Packet> out = TestPackets.drain(pipe.b(), 9);
        assertThat(out).extracting(TestPackets::number).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(out).allMatch(p -> p.timestampNs == 9);
        assertThat(TestPackets.drain(pipe.a(), 9)).extracting(TestPackets::number).containsExactly(77);
        pipe.b().close();
        assertThat(pipe.a().transmit(TestPackets.numbered(1, 100), 5)).isTrue();
        assertThat(pipe.a().dropped()).isEqualTo(1);
    }

    @Test
    void aPipeJoinsTwoThreadsWithoutLosingOrMissingAWakeup() throws Exception {
        int count = 200_000;
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500), 64);
        try (ParkWaiter reader = new ParkWaiter(); ParkWaiter writer = new ParkWaiter()) {
            pipe.a().setWaiter(writer);
            pipe.b().setWaiter(reader);
            AtomicInteger wrong = new AtomicInteger();
            Thread receiver = Thread.ofPlatform().start(() -> {
                Packet p = Packet.ofMaxSize();
                for (int i = 0; i < count;) {
                    if (pipe.b().receive(p, 0)) {
                        wrong.addAndGet(TestPackets.number(p) == i ? 0 : 1);
                        i++;
                    } else {
                        reader.await(Long.MAX_VALUE, false);
                    }
                }
            });
            Packet p = TestPackets.numbered(0, 100);
            for (int i = 0; i < count; i++) {
                sluice.wire.Bytes.put32(p.memory, p.start + 28, i);
                while (!pipe.a().transmit(p, 0)) {
                    writer.await(Long.MAX_VALUE, true);
                }
            }
            receiver.join(30_000);
            assertThat(receiver.isAlive()).isFalse();
            assertThat(wrong).hasValue(0);
        }
    }

    @Test
    void aWakeupBeforeTheWaitEndsIt() {
        try (ParkWaiter waiter = new ParkWaiter()) {
            waiter.wakeup();
            waiter.wakeup();
            waiter.await(Long.MAX_VALUE, false);
            long start = System.nanoTime();
            waiter.await(2_000_000, false);
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(2_000_000);
        }
    }

    @Test
    void loopbackAndReplay() {
        LoopbackLink loop = new LoopbackLink(65_535, 4);
        loop.transmit(TestPackets.tcp(false, 1, 16, 10_000, 1000), 0);
        assertThat(TestPackets.drain(loop, 1)).singleElement().matches(p -> p.gsoSize == 1000 && p.checksumPartial);

        ReplayLink replay = new ReplayLink(LinkProperties.plain(1500),
                List.of(new ReplayLink.Recorded(1_000, new byte[40]), new ReplayLink.Recorded(3_000, new byte[50])),
                500);
        assertThat(TestPackets.drain(replay, 499)).isEmpty();
        assertThat(replay.nextEventNs()).isEqualTo(500);
        assertThat(TestPackets.drain(replay, 500)).singleElement().matches(p -> p.length() == 40);
        assertThat(replay.nextEventNs()).isEqualTo(2_500);
        assertThat(TestPackets.drain(replay, 9_999)).hasSize(1);
        assertThat(replay.nextEventNs()).isEqualTo(Long.MAX_VALUE);
        replay.transmit(TestPackets.numbered(3, 60), 7);
        assertThat(replay.sent()).singleElement().matches(r -> r.timeNs() == 7 && r.bytes().length == 60);
    }

    @Test
    void aCaptureShowsWirePacketsWithWholeChecksumsAndLeavesThePacketsAlone() {
        List<Packet> seen = new ArrayList<>();
        List<Boolean> outbound = new ArrayList<>();
        CaptureSink sink = (time, out, memory, offset, length) -> {
            Packet p = Packet.ofMaxSize();
            java.lang.foreign.MemorySegment.copy(memory, offset, p.memory, p.start, length);
            p.end = p.start + length;
            seen.add(p);
            outbound.add(out);
        };
        PipeLink.Pair pipe = PipeLink.pair(LinkProperties.plain(1500).withOffloads(65_535).withGathering(), 16);
        CaptureLink cut = new CaptureLink(pipe.a(), sink, true);
        Packet big = TestPackets.tcp(false, 1, 16, 5000, 1000);
        cut.transmit(big, 0);
        assertThat(seen).hasSize(5).allSatisfy(p -> assertThat(TestPackets.transportSum(p)).isEqualTo(0xffff));
        assertThat(TestPackets.drain(pipe.b(), 0)).singleElement()
                .matches(p -> p.gsoSize == 1000 && p.length() == 5052);
        seen.clear();
        CaptureLink whole = new CaptureLink(pipe.b(), sink, false);
        pipe.a().transmit(big, 0);
        TestPackets.drain(whole, 0);
        assertThat(seen).singleElement().satisfies(p -> assertThat(TestPackets.transportSum(p)).isEqualTo(0xffff));
        assertThat(outbound).containsExactly(true, true, true, true, true, false);
    }

    @Test
    void traceWritesALineForEachPacket() {
        List<String> lines = new ArrayList<>();
        PipeLink.Pair pipe = PipeLink.pair(1500);
        TraceLink trace = new TraceLink(pipe.a(), p -> "number " + TestPackets.number(p), lines::add, 1_000_000_000);
        trace.transmit(TestPackets.numbered(4, 60), 1_500_000_000);
        pipe.b().transmit(TestPackets.numbered(5, 60), 0);
        TestPackets.drain(trace, 2_000_000_000);
        assertThat(lines).containsExactly("0.500000 > number 4", "1.000000 < number 5");
    }

    @Test
    void anImpairedLinkReleasesByItsClock() {
        PipeLink.Pair pipe = PipeLink.pair(1500);
        ImpairedLink link = new ImpairedLink(pipe.a(), new Netem(NetemSpec.parse("delay 10ms"), false, 1),
                new Netem(NetemSpec.parse("delay 3ms"), false, 2));
        link.transmit(TestPackets.numbered(1, 60), 0);
        assertThat(link.nextEventNs()).isEqualTo(10_000_000);
        pipe.b().transmit(TestPackets.numbered(2, 60), 0);
        assertThat(TestPackets.drain(link, 1_000_000)).isEmpty();
        assertThat(link.nextEventNs()).isEqualTo(4_000_000);
        assertThat(TestPackets.drain(link, 4_000_000)).hasSize(1);
        assertThat(TestPackets.drain(pipe.b(), 9_999_999)).isEmpty();
        TestPackets.drain(link, 10_000_000);
        assertThat(TestPackets.drain(pipe.b(), 10_000_000)).hasSize(1);
        assertThat(link.outStatistics().passed()).isEqualTo(1);
    }

    @Test
    void aRelayCarriesBothWaysThroughItsImpairments() throws Exception {
        PipeLink.Pair left = PipeLink.pair(1500);
        PipeLink.Pair right = PipeLink.pair(1500);
        try (ParkWaiter waiter = new ParkWaiter()) {
            left.b().setWaiter(waiter);
            right.a().setWaiter(waiter);
            Relay relay = new Relay(left.b(), right.a(), new Netem(NetemSpec.parse("delay 5ms"), false, 1),
                    new Netem(NetemSpec.parse(""), false, 2));
            AtomicBoolean stop = new AtomicBoolean();
            Thread thread = Thread.ofPlatform().start(() -> relay.run(waiter, stop::get));
            long start = System.nanoTime();
            left.a().transmit(TestPackets.numbered(1, 100), 0);
            right.b().transmit(TestPackets.numbered(2, 100), 0);
            Packet p = Packet.ofMaxSize();
            while (!right.b().receive(p, 0)) {
                Thread.onSpinWait();
            }
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(5_000_000);
            assertThat(TestPackets.number(p)).isEqualTo(1);
            assertThat(left.a().receive(p, 0)).isTrue();
            stop.set(true);
            waiter.wakeup();
            thread.join(5000);
            assertThat(thread.isAlive()).isFalse();
            assertThat(relay.forwardStatistics().passed()).isEqualTo(1);
            assertThat(relay.backwardStatistics().passed()).isEqualTo(1);
        }
    }

    @Test
    void aPacketThatArrivesWhileTheRelayWasOffTheProcessorIsNotReleasedEarly() {
        long[] clock = {0};
        PipeLink.Pair left = PipeLink.pair(1500);
        PipeLink.Pair right = PipeLink.pair(1500);
        Link slow = new Link() {
            @Override
            public LinkProperties properties() {
                return left.b().properties();
            }

            @Override
            public boolean receive(Packet into, long nowNs) {
                // 2 ms pass between looking at the clock and reading the device
                clock[0] = Math.max(clock[0], 2_000_000);
                return left.b().receive(into, nowNs);
            }

            @Override
            public boolean transmit(Packet packet, long nowNs) {
                return left.b().transmit(packet, nowNs);
            }

            @Override
            public void close() {
                left.b().close();
            }
        };
        Relay relay = new Relay(slow, right.a(), new Netem(NetemSpec.parse("delay 10ms"), false, 1),
                new Netem(NetemSpec.CLEAN, false, 2), () -> clock[0]);
        left.a().transmit(TestPackets.numbered(1, 100), 0);
        relay.step();
        clock[0] = 11_999_999;
        relay.step();
        assertThat(TestPackets.drain(right.b(), 0)).isEmpty();
    }

    @Test
    void aFullDiskEndsTheCaptureAndNotTheTraffic() throws Exception {
        PcapngSink sink = PcapngSink.toFile(Path.of("/dev/full"), "t0", false);
        List<String> told = new ArrayList<>();
        sink.onFailure(e -> told.add(e.getMessage()));
        PipeLink.Pair pipe = PipeLink.pair(1500);
        try (CaptureLink link = new CaptureLink(pipe.a(), sink, true)) {
            Packet p = Packet.ofMaxSize();
            p.end = p.start + 100;
            assertThat(link.transmit(p, 0)).isTrue();
            assertThat(pipe.b().receive(p, 0)).isTrue();
        }
        assertThat(told).containsExactly("No space left on device");
    }

    @Test
    void aPcapngSinkWritesTheBytesThatPassed(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("a.pcapng");
        Packet p = TestPackets.numbered(0x12345678, 60);
        try (CaptureLink link = new CaptureLink(PipeLink.pair(1500).a(), PcapngSink.toFile(file, "t0", false), true)) {
            link.transmit(p, System.nanoTime());
        }
        String written = HexFormat.of().formatHex(Files.readAllBytes(file));
        assertThat(written).startsWith("0a0d0d0a")
                .contains(HexFormat.of().formatHex(p.memory.asSlice(p.start, 60).toArray(ValueLayout.JAVA_BYTE)));
    }
}
