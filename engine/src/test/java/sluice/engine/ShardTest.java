package sluice.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sluice.base.BrokenInvariantException;
import sluice.base.Time;
import sluice.core.Host;
import sluice.core.LinkProperties;
import sluice.core.Pollable;
import sluice.core.tcp.data.SocketOptions;
import sluice.core.tcp.segment.TcpState;
import sluice.core.tcp.user.TcpListener;
import sluice.core.tcp.user.TcpSocket;
import sluice.link.ImpairedLink;
import sluice.link.Link;
import sluice.wire.Packet;

class ShardTest {
    private final TwoShards two = new TwoShards();

    @AfterEach
    void close() {
        two.close();
    }

    @Test
    void executeRunsInsideAndMayBeNested() {
        Shard shard = two.left.shard();
        assertThat(shard.isInside()).isFalse();
        String seen = shard.execute(host -> shard.execute(same -> same.name() + shard.isInside()));
        assertThat(seen).isEqualTo("lefttrue");
        assertThat(shard.isInside()).isFalse();
    }

    @Test
    void aListenerServesInsideTheShard() {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        for (int i = 0; i < 1000; i++) {
            c.send(10);
            int got = 0;
            while (got < 10) {
                got += c.receive();
            }
        }
        assertThat(two.right.shard().statistics().applicationTenures())
                .as("nobody but the background thread was there to lead").isZero();
    }

    @Test
    void aThreadThatAloneIsWokenLeads() {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        for (int i = 0; i < 1000; i++) {
            c.send(1);
            assertThat(c.receive()).isEqualTo(1);
        }
        assertThat(two.left.shard().statistics().applicationTenures()).isGreaterThan(500);
    }

    /** When it was away for long, the background thread leads, and sleeps; the thread asks for the lead. */
    @Test
    void aThreadThatAloneIsWokenTakesTheLeadBack() {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        Shard shard = two.left.shard();
        while (shard.statistics().steals() == 0) {
            long tenures = shard.statistics().backgroundTenures();
            for (int i = 0; i < Leadership.STREAK * 2; i++) {
                c.send(1);
                c.receive();
            }
            while (shard.statistics().backgroundTenures() == tenures) {
                Thread.onSpinWait();
            }
            c.receive(System.nanoTime() + 1_000_000);
        }
        assertThat(shard.statistics().applicationTenures()).isPositive();
    }

    /** Neither is ever woken twice in a row. */
    @Test
    void eventLoopsShareTheLead() throws Exception {
        two.serve(TwoShards::echo);
        TwoShards.Loops loops = two.loops(2);
        try (var threads = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> both = threads.invokeAll(List.of(loops.turns(0, 1000), loops.turns(1, 1000)), 60,
                    TimeUnit.SECONDS);
            for (Future<Void> each : both) {
                each.get();
            }
        }
        ShardStatistics s = two.left.shard().statistics();
        assertThat(s.applicationTenures()).isGreaterThan(500);
        assertThat(s.steals()).as("loops do not take the lead from one another").isLessThan(500);
    }

    /**
     * An idle leader sleeps for ever; a thread that begins something and blocks at once never comes to {@link
     * Shard#exit}.
     */
    @Test
    void aSleepingLeaderWakesForTheLinksEventThatABlockedCallBegan() throws Exception {
        connectsFromIdle(link -> ImpairedLink.outbound(link, "delay 5ms", 1));
    }

    @Test
    void aSleepingLeaderWakesForTheTimerThatABlockedCallStarted() throws Exception {
        connectsFromIdle(LosesTheFirst::new);
    }

    private static void connectsFromIdle(UnaryOperator<Link> wrap) throws Exception {
        try (TwoShards idle = new TwoShards(wrap)) {
            idle.serve(TwoShards::echo);
            while (idle.left.shard().statistics().sleeps() == 0) {
                Thread.onSpinWait();
            }
            assertThat(CompletableFuture.supplyAsync(idle::connect).get(30, TimeUnit.SECONDS).tcb.isEstablished())
                    .isTrue();
        }
    }

    private static final class LosesTheFirst implements Link {
        private final Link below;
        private boolean lost;

        LosesTheFirst(Link below) {
            this.below = below;
        }

        @Override
        public LinkProperties properties() {
            return below.properties();
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            boolean first = !lost;
            lost = true;
            return first || below.transmit(packet, nowNs);
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            return below.receive(into, nowNs);
        }

        @Override
        public void close() {
            below.close();
        }
    }

    /** The machine has no memory for one packet of each direction: they are lost, as on a wire. */
    private static final class OutOfMemoryOnce implements Link {
        private final Link below;
        private boolean in;
        private boolean out;

        OutOfMemoryOnce(Link below) {
            this.below = below;
        }

        @Override
        public LinkProperties properties() {
            return below.properties();
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            if (!out) {
                out = true;
                throw new OutOfMemoryError("for the test");
            }
            return below.transmit(packet, nowNs);
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            boolean came = below.receive(into, nowNs);
            if (came && !in) {
                in = true;
                throw new OutOfMemoryError("for the test");
            }
            return came;
        }

        @Override
        public void close() {
            below.close();
        }
    }

    @Test
    void wantOfMemoryLosesAPacketAndTheShardGoesOn() throws Exception {
        connectsFromIdle(OutOfMemoryOnce::new);
    }

    @Test
    void whatAListenerThrowsEndsItsEndpointOnly() {
        AtomicBoolean thrown = new AtomicBoolean();
        two.serve((endpoint, readiness, nowNs) -> {
            if (thrown.compareAndSet(false, true)) {
                throw new UnsupportedOperationException("meant to fail");
            }
            TwoShards.echo(endpoint, readiness, nowNs);
        });
        TwoShards.Client first = two.connect();
        assertThatThrownBy(first::receive).hasMessageContaining("reset");
        TwoShards.Client second = two.connect();
        second.send(3);
        assertThat(second.receive()).isEqualTo(3);
        assertThat(two.right.shard().statistics().listenerFailures()).isEqualTo(1);
    }

    @Test
    void aConnectionThatIsOverBeforeItsThreadLooksKeepsNobodyWaiting() {
        two.serve((endpoint, readiness, nowNs) -> {
            throw new UnsupportedOperationException("meant to fail");
        });
        TwoShards.Client c = two.open();
        while (two.left.execute(host -> c.tcb.state()) != TcpState.CLOSED) {
            Thread.onSpinWait();
        }
        TwoShards.awaitOpen(c);
        assertThatThrownBy(c::receive).hasMessageContaining("reset");
    }

    @Test
    void aBrokenInvariantInAListenerStopsTheShardAndItsMessageAloneDoesNot() {
        IllegalStateException lookalike = new IllegalStateException("broken invariant: says the listener");
        two.right.execute(host -> ready(host, TwoShards.PORT, lookalike));
        String alive = two.right.execute(host -> host.name());
        assertThat(alive).isNotEmpty();
        assertThat(two.right.shard().statistics().listenerFailures()).isEqualTo(1);
        BrokenInvariantException defect = new BrokenInvariantException("made up by a listener");
        assertThatExceptionOfType(ShardStoppedException.class).isThrownBy(() -> {
            two.right.execute(host -> ready(host, TwoShards.PORT + 1, defect));
            two.right.execute(host -> host.name());
        }).withCause(defect);
    }

    @Test
    void aBlockedReaderHearsThatAListenerBesideItThrew() throws Exception {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        CompletableFuture<Integer> blocked = new CompletableFuture<>();
        Thread reader = Thread.ofPlatform().daemon().start(() -> blocked.complete(c.receive()));
        while (reader.getState() != Thread.State.WAITING && reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        AtomicInteger told = new AtomicInteger();
        two.left.execute(host -> {
            c.tcb.addListener((endpoint, readiness, nowNs) -> {
                throw new UnsupportedOperationException("meant to fail");
            });
            c.tcb.addListener((endpoint, readiness, nowNs) -> told.addAndGet(1));
            return host;
        });
        assertThat(blocked.get(20, TimeUnit.SECONDS)).as("the connection is over").isEqualTo(-1);
        assertThat(told.get()).as("those behind it are told").isPositive();
        assertThat(two.left.shard().statistics().listenerFailures()).as("it is not called again").isEqualTo(1);
    }

    @Test
    void whoIsAddedToAReadyEndpointIsToldBeforeTheThreadLeaves() {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        AtomicInteger seen = new AtomicInteger();
        two.left.execute(host -> {
            c.tcb.addListener((endpoint, readiness, nowNs) -> seen.set(readiness));
            assertThat(seen.get()).isZero();
            return host;
        });
        assertThat(seen.get()).isEqualTo(Pollable.WRITABLE);
    }

    @Test
    void aListenerMustNotBlock() {
        AtomicReference<Throwable> seen = new AtomicReference<>();
        CountDownLatch ran = new CountDownLatch(1);
        two.serve((endpoint, readiness, nowNs) -> {
            try {
                two.right.shard().block(new Waiter(), 0, Time.NEVER);
            } catch (IllegalStateException e) {
                seen.set(e);
            }
            ran.countDown();
        });
        two.connect();
        assertThat(await(ran)).isTrue();
        assertThat(seen.get()).hasMessage("a listener must not block");
    }

    @Test
    void aWaitEndsWithItsTime() {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        assertThat(c.receive(System.nanoTime() + 10_000_000)).isZero();
        c.send(1);
        assertThat(c.receive()).isEqualTo(1);
    }

    @Test
    void aBrokenPromiseStopsTheShardLoudlyAndHangsNobody() throws Exception {
        two.serve(TwoShards::discard);
        TwoShards.Client c = two.connect();
        CompletableFuture<Integer> blocked = CompletableFuture.supplyAsync(c::receive,
                run -> Thread.ofPlatform().daemon().start(run));
        CompletableFuture<Integer> virtual = CompletableFuture.supplyAsync(two.connect()::receive,
                run -> Thread.ofVirtual().start(run));
        BrokenInvariantException defect = new BrokenInvariantException("made up by a test");
        two.left.shard().execute(host -> {
            two.left.shard().fail(defect);
            return "";
        });
        for (CompletableFuture<Integer> f : java.util.List.of(blocked, virtual)) {
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> f.get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ShardStoppedException.class);
        }
        assertThatExceptionOfType(ShardStoppedException.class).isThrownBy(() -> c.send(1)).withCause(defect);
    }

    @Test
    void aLinkThatIsGoneStopsTheShardAndHangsNobody() throws Exception {
        AtomicReference<Vanishes> link = new AtomicReference<>();
        try (TwoShards cut = new TwoShards(below -> {
            link.set(new Vanishes(below));
            return link.get();
        })) {
            cut.serve(TwoShards::echo);
            TwoShards.Client c = cut.connect();
            CompletableFuture<Integer> blocked = CompletableFuture.supplyAsync(c::receive,
                    run -> Thread.ofPlatform().daemon().start(run));
            link.get().gone = true;
            cut.right.execute(host -> {
                host.tcp().forEachEndpoint(e -> {
                    if (e instanceof TcpSocket t) {
                        t.send(TwoShards.SCRATCH, 0, 1, 0, cut.right.shard().nowNs());
                    }
                });
                return null;
            });
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> blocked.get(20, TimeUnit.SECONDS))
                    .withCauseInstanceOf(ShardStoppedException.class).havingRootCause()
                    .isInstanceOf(LinkGoneException.class).withMessage("pipe0 is gone (the device was deleted)");
        }
    }

    private static final class Vanishes implements Link {
        private final Link below;
        volatile boolean gone;

        Vanishes(Link below) {
            this.below = below;
        }

        @Override
        public LinkProperties properties() {
            return below.properties();
        }

        @Override
        public boolean transmit(Packet packet, long nowNs) {
            return gone || below.transmit(packet, nowNs);
        }

        @Override
        public boolean receive(Packet into, long nowNs) {
            return !gone && below.receive(into, nowNs);
        }

        @Override
        public boolean isGone() {
            return gone;
        }

        @Override
        public void close() {
            below.close();
        }
    }

    @Test
    void callersGetInWhileOthersSendInBulk() throws Exception {
        two.serve(TwoShards::discard);
        TwoShards.Client c = two.connect();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Void> bulk = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                c.send(1 << 16);
            }
        }, run -> Thread.ofPlatform().daemon().start(run));
        long worst = 0;
        for (int i = 0; i < 300; i++) {
            long start = System.nanoTime();
            two.left.execute(host -> host.name());
            two.right.execute(host -> host.name());
            worst = Math.max(worst, System.nanoTime() - start);
        }
        stop.set(true);
        bulk.get(20, TimeUnit.SECONDS);
        assertThat(worst).as("longest wait for the shard, ns").isLessThan(2_000_000_000L);
    }

    @Test
    void anIdleShardRests() throws Exception {
        two.serve(TwoShards::echo);
        TwoShards.Client c = two.connect();
        c.send(1);
        c.receive();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = cpuNs(threads);
        long sleepsBefore = two.left.shard().statistics().sleeps();
        assertThat(new CountDownLatch(1).await(1500, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(cpuNs(threads) - before).as("processor time of both background threads in 1.5 s")
                .isLessThan(300_000_000L);
        assertThat(two.left.shard().statistics().sleeps() - sleepsBefore).as("wake-ups in 1.5 s").isLessThan(400);
    }

    private static long cpuNs(ThreadMXBean threads) {
        long sum = 0;
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && (info.getThreadName().equals("left") || info.getThreadName().equals("right"))) {
                sum += threads.getThreadCpuTime(id);
            }
        }
        return sum;
    }

    @Test
    void closingTwiceAndUsingAfterwards() {
        two.left.close();
        two.left.close();
        assertThatExceptionOfType(ShardStoppedException.class).isThrownBy(() -> two.left.execute(host -> host.name()))
                .withMessage("left is closed");
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A listener whose handler is due and throws. */
    private static TcpListener ready(Host host, int port, RuntimeException thrown) {
        TcpListener listener = host.tcp().listen(new SocketOptions(), TwoShards.RIGHT, port, 1);
        listener.addListener((endpoint, readiness, nowNs) -> {
            throw thrown;
        });
        listener.signalReady();
        return listener;
    }
}
