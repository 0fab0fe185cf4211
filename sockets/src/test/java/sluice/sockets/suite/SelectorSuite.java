package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Selector} and {@link SelectionKey}. */
abstract class SelectorSuite extends Suite {
    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;
    private static final int CONNECT = SelectionKey.OP_CONNECT;
    private static final int ACCEPT = SelectionKey.OP_ACCEPT;

    // ----- registering

    @Test
    void aNewSelectorHasNoKeys() throws Exception {
        Selector s = selector();
        assertThat(s.isOpen()).isTrue();
        assertThat(s.provider()).isSameAs(backend.clientProvider());
        assertThat(s.keys()).isEmpty();
        assertThat(s.selectedKeys()).isEmpty();
        assertThat(s.selectNow()).isZero();
    }

    @Test
    void aKeyKnowsItsChannelSelectorInterestAndAttachment() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, READ, "attached");
        assertThat(k.channel()).isSameAs(c);
        assertThat(k.selector()).isSameAs(s);
        assertThat(k.interestOps()).isEqualTo(READ);
        assertThat(k.readyOps()).isZero();
        assertThat(k.attachment()).isEqualTo("attached");
        assertThat(k.isValid()).isTrue();
        assertThat(c.isRegistered()).isTrue();
        assertThat(c.keyFor(s)).isSameAs(k);
        assertThat(s.keys()).containsExactly(k);
        assertThat(c.keyFor(selector())).isNull();
    }

    @Test
    void registeringAgainChangesTheKey() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, READ, "one");
        assertThat(c.register(s, WRITE, "two")).isSameAs(k);
        assertThat(k.interestOps()).isEqualTo(WRITE);
        assertThat(k.attachment()).isEqualTo("two");
        assertThat(s.keys()).hasSize(1);
    }

    @Test
    void aBlockingChannelIsNotRegistered() throws Exception {
        Selector s = selector();
        SocketChannel c = pair().client();
        fails(IllegalBlockingModeException.class, null, () -> c.register(s, READ));
        assertThat(s.keys()).isEmpty();
    }

    @Test
    void aRegisteredChannelStaysNonBlocking() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, READ);
        fails(IllegalBlockingModeException.class, null, () -> c.configureBlocking(true));
        c.configureBlocking(false);
        k.cancel();
        c.configureBlocking(true);
        assertThat(c.isBlocking()).isTrue();
    }

    @Test
    void registeringForWhatAChannelCannotDoComplains() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        fails(IllegalArgumentException.class, null, () -> c.register(s, ACCEPT));
        SelectionKey k = c.register(s, 0);
        fails(IllegalArgumentException.class, null, () -> k.interestOps(ACCEPT));
        fails(IllegalArgumentException.class, null, () -> k.interestOpsOr(ACCEPT));
        assertThat(k.interestOpsAnd(ACCEPT)).isZero();
    }

    @Test
    void registeringAClosedChannelComplains() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        c.close();
        fails(ClosedChannelException.class, null, () -> c.register(s, READ));
    }

    @Test
    void registeringWithAClosedSelectorComplains() throws Exception {
        Selector s = selector();
        s.close();
        SocketChannel c = nonBlockingPair().client();
        fails(ClosedSelectorException.class, null, () -> c.register(s, READ));
        assertThat(c.isRegistered()).isFalse();
    }

    @Test
    void aChannelMayHaveSeveralSelectors() throws Exception {
        Pair p = nonBlockingPair();
        Selector one = selector();
        Selector two = selector();
        SelectionKey a = p.client().register(one, READ);
        SelectionKey b = p.client().register(two, READ | WRITE);
        p.server().write(bytes("x"));
        select(one, a, READ);
        select(two, b, READ | WRITE);
        assertThat(a.readyOps()).isEqualTo(READ);
        a.cancel();
        one.selectNow();
        assertThat(p.client().isRegistered()).isTrue();
        assertThat(p.client().keyFor(one)).isNull();
        assertThat(p.client().keyFor(two)).isSameAs(b);
    }

    @Test
    void interestIsSetOredAndAnded() throws Exception {
        SelectionKey k = nonBlockingPair().client().register(selector(), READ);
        assertThat(k.interestOpsOr(WRITE)).isEqualTo(READ);
        assertThat(k.interestOps()).isEqualTo(READ | WRITE);
        assertThat(k.interestOpsAnd(~READ)).isEqualTo(READ | WRITE);
        assertThat(k.interestOps()).isEqualTo(WRITE);
        assertThat(k.interestOps(0)).isSameAs(k);
        assertThat(k.interestOps()).isZero();
    }

    // ----- what is ready

    @Test
    void anIdleConnectionIsWritableOnly() throws Exception {
        Selector s = selector();
        SelectionKey k = nonBlockingPair().client().register(s, READ | WRITE);
        assertThat(s.select()).isEqualTo(1);
        assertThat(s.selectedKeys()).containsExactly(k);
        assertThat(k.readyOps()).isEqualTo(WRITE);
        assertThat(k.isWritable()).isTrue();
        assertThat(k.isReadable()).isFalse();
    }

    @Test
    void dataMakesReadable() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        assertThat(s.selectNow()).isZero();
        p.server().write(bytes("x"));
        assertThat(s.select(SOON_MS)).isEqualTo(1);
        assertThat(k.isReadable()).isTrue();
    }

    @Test
    void selectionIsByLevel() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        p.server().write(bytes("ab"));
        for (int i = 0; i < 3; i++) {
            assertThat(s.select(SOON_MS)).isEqualTo(1);
            s.selectedKeys().clear();
        }
        p.client().read(ByteBuffer.allocate(1));
        assertThat(s.selectNow()).as("one byte left").isEqualTo(1);
        s.selectedKeys().clear();
        p.client().read(ByteBuffer.allocate(1));
        assertThat(s.selectNow()).isZero();
        p.server().write(bytes("c"));
        select(s, k, READ);
    }

    @Test
    void aSelectedKeyThatGainsNothingIsNotCounted() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ | WRITE);
        assertThat(s.select()).isEqualTo(1);
        assertThat(s.selectNow()).as("updated keys").isZero();
        assertThat(s.selectedKeys()).containsExactly(k);
        p.server().write(bytes("x"));
        select(s, k, READ);
        assertThat(k.readyOps()).isEqualTo(READ | WRITE);
        assertThat(s.selectNow()).isZero();
    }

    @Test
    void readyOpsAreKeptWhileSelected() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        p.server().write(bytes("x"));
        select(s, k, READ);
        p.client().read(ByteBuffer.allocate(1));
        assertThat(s.selectNow()).isZero();
        assertThat(k.readyOps()).as("until it is taken from the selected keys").isEqualTo(READ);
        s.selectedKeys().remove(k);
        assertThat(s.selectNow()).isZero();
        assertThat(s.selectedKeys()).isEmpty();
    }

    @Test
    void aFullBufferIsNotWritableUntilThePeerReads() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        long n = fill(p.client());
        SelectionKey k = p.client().register(s, WRITE);
        assertThat(s.selectNow()).isZero();
        FutureTask<Long> reader = start(() -> {
            ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
            long sum = 0;
            while (sum < n) {
                sum += p.server().read(in.clear());
            }
            return sum;
        });
        select(s, k, WRITE);
        assertThat(get(reader)).isEqualTo(n);
        assertThat(p.client().write(bytes("x"))).isEqualTo(1);
    }

    @Test
    void aPendingConnectionIsAcceptable() throws Exception {
        Selector s = serverSelector();
        ServerSocketChannel server = server();
        server.configureBlocking(false);
        SelectionKey k = server.register(s, ACCEPT);
        assertThat(s.selectNow()).isZero();
        SocketChannel c = socket();
        c.connect(at(server));
        select(s, k, ACCEPT);
        assertThat(k.isAcceptable()).isTrue();
        closing(server.accept());
        s.selectedKeys().clear();
        assertThat(s.selectNow()).isZero();
    }

    @Test
    void anUnboundServerIsAcceptableOnLinux() throws Exception {
        Selector s = serverSelector();
        ServerSocketChannel server = unboundServer();
        server.configureBlocking(false);
        SelectionKey k = server.register(s, ACCEPT);
        assertThat(s.selectNow()).as("poll(2) reports HUP").isEqualTo(1);
        s.selectedKeys().clear();
        server.bind(new InetSocketAddress(backend.serverAddress(), 0));
        assertThat(s.selectNow()).isZero();
        SocketChannel c = socket();
        c.connect(at(server));
        select(s, k, ACCEPT);
    }

    /** What is no more stays in the ready set beside what is new, until the program takes the key out. */
    @Test
    void aSelectedKeyKeepsWhatItWasReadyFor() throws Exception {
        Selector s = selector();
        Pair p = pair();
        p.client().configureBlocking(false);
        SelectionKey k = p.client().register(s, READ);
        p.server().write(ByteBuffer.wrap(new byte[]{1}));
        select(s, k, READ);
        assertThat(p.client().read(ByteBuffer.allocate(2))).isEqualTo(1);
        k.interestOps(READ | WRITE);
        assertThat(s.selectNow()).isEqualTo(1);
        assertThat(k.readyOps()).isEqualTo(READ | WRITE);
    }

    @Test
    void aFinishedHandshakeIsConnectable() throws Exception {
        Selector s = selector();
        ServerSocketChannel server = server();
        SocketChannel c = socket();
        c.configureBlocking(false);
        if (c.connect(at(server))) {
            return;
        }
        SelectionKey k = c.register(s, CONNECT);
        select(s, k, CONNECT);
        assertThat(k.isConnectable()).isTrue();
        assertThat(c.finishConnect()).isTrue();
        s.selectedKeys().clear();
        assertThat(s.selectNow()).as("connected is not connectable").isZero();
        k.interestOps(WRITE);
        assertThat(s.selectNow()).isEqualTo(1);
        assertThat(k.readyOps()).isEqualTo(WRITE);
    }

    @Test
    void whatArrivedBeforeFinishConnectIsReadableAfter() throws Exception {
        Selector s = selector();
        ServerSocketChannel server = server();
        SocketChannel c = socket();
        c.configureBlocking(false);
        if (c.connect(at(server))) {
            return;
        }
        SelectionKey k = c.register(s, CONNECT);
        closing(server.accept()).write(bytes("early"));
        select(s, k, CONNECT);
        k.interestOps(READ);
        s.selectedKeys().clear();
        while (s.selectNow() > 0) {
            s.selectedKeys().clear();
        }
        assertThat(c.finishConnect()).isTrue();
        select(s, k, READ);
        assertThat(read(blocking(c, k, s), 5)).isEqualTo("early");
    }

    private static SocketChannel blocking(SocketChannel c, SelectionKey k, Selector s) throws Exception {
        k.cancel();
        s.selectNow();
        c.configureBlocking(true);
        return c;
    }

    @Test
    void aRefusedConnectionIsConnectable() throws Exception {
        Selector s = selector();
        SocketChannel c = socket();
        c.configureBlocking(false);
        InetSocketAddress nobody = backend.nobody();
        if (catchThrowable(() -> c.connect(nobody)) != null) {
            return; // at once
        }
        SelectionKey k = c.register(s, CONNECT);
        select(s, k, CONNECT);
        fails(ConnectException.class, "Connection refused", c::finishConnect);
        assertThat(k.isValid()).isFalse();
    }

    @Test
    void anUnconnectedChannelIsReadyForEverythingOnLinux() throws Exception {
        Selector s = selector();
        SocketChannel c = socket();
        c.configureBlocking(false);
        SelectionKey k = c.register(s, CONNECT | READ | WRITE);
        assertThat(s.selectNow()).as("poll(2) reports HUP").isEqualTo(1);
        assertThat(k.readyOps()).isEqualTo(CONNECT | READ | WRITE);
    }

    @Test
    void theEndOfTheStreamIsReadable() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        p.server().close();
        select(s, k, READ);
        assertThat(p.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        s.selectedKeys().clear();
        assertThat(s.selectNow()).as("still").isEqualTo(1);
    }

    @Test
    void aResetIsReadyForWhatOneWaitsFor() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        reset(p.server());
        select(s, k, READ);
        assertThat(k.readyOps()).isEqualTo(READ);
        fails(SocketException.class, "Connection reset", () -> p.client().read(ByteBuffer.allocate(1)));
    }

    @Test
    void shutdownInputIsReadable() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ);
        assertThat(s.selectNow()).isZero();
        p.client().shutdownInput();
        select(s, k, READ);
        assertThat(p.client().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void interestZeroIsNeverReady() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, 0);
        p.server().write(bytes("x"));
        p.server().close();
        assertThat(s.select(50)).isZero();
        k.interestOps(READ);
        select(s, k, READ);
    }

    @Test
    void changedInterestCountsFromTheNextSelection() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ | WRITE);
        assertThat(s.select()).isEqualTo(1);
        s.selectedKeys().clear();
        k.interestOps(READ);
        assertThat(s.selectNow()).isZero();
        k.interestOpsOr(WRITE);
        assertThat(s.selectNow()).isEqualTo(1);
        assertThat(k.readyOps()).isEqualTo(WRITE);
    }

    @Test
    void manyKeysAreSelectedTogether() throws Exception {
        Selector s = selector();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Pair p = nonBlockingPair();
            p.client().register(s, READ, i);
            pairs.add(p);
        }
        for (Pair p : pairs) {
            p.server().write(bytes("x"));
        }
        long end = System.nanoTime() + SOON_MS * 1_000_000L;
        while (s.selectedKeys().size() < pairs.size()) {
            assertThat(System.nanoTime()).isLessThan(end);
            s.select(100);
        }
        assertThat(s.selectedKeys()).isEqualTo(s.keys());
    }

    // ----- with an action

    @Test
    void anActionIsCalledForEachReadyKey() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        SelectionKey k = p.client().register(s, READ | WRITE);
        List<SelectionKey> seen = new ArrayList<>();
        assertThat(s.select(seen::add)).isEqualTo(1);
        assertThat(seen).containsExactly(k);
        assertThat(k.readyOps()).isEqualTo(WRITE);
        assertThat(s.selectedKeys()).isEmpty();
        assertThat(s.selectNow(seen::add)).as("each time").isEqualTo(1);
        k.interestOps(READ);
        assertThat(s.select(seen::add, 20)).isZero();
        assertThat(seen).hasSize(2);
    }

    /** What an action makes of the other keys counts: they were found, and nobody wants to know. */
    @Test
    void anActionMayTakeTheInterestFromAnotherKey() throws Exception {
        Selector s = selector();
        List<SelectionKey> keys = List.of(nonBlockingPair().client().register(s, WRITE),
                nonBlockingPair().client().register(s, WRITE));
        List<SelectionKey> seen = new ArrayList<>();
        assertThat(s.select(k -> {
            seen.add(k);
            keys.forEach(other -> other.interestOps(0));
        })).isEqualTo(1);
        assertThat(seen).hasSize(1);
    }

    @Test
    void anActionMayUseTheKey() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        p.client().register(s, WRITE);
        s.select(k -> {
            k.interestOps(READ);
            k.cancel();
        });
        assertThat(s.selectNow(k -> {
            throw new AssertionError("cancelled");
        })).isZero();
        assertThat(s.keys()).isEmpty();
    }

    @Test
    void whatAnActionThrowsEndsTheSelection() throws Exception {
        Selector s = selector();
        nonBlockingPair().client().register(s, WRITE);
        fails(IllegalStateException.class, "mine", () -> s.select(k -> {
            throw new IllegalStateException("mine");
        }));
        assertThat(s.selectNow(k -> {})).as("and not the selector").isEqualTo(1);
    }

    @Test
    void anActionMustNotSelect() throws Exception {
        Selector s = selector();
        nonBlockingPair().client().register(s, WRITE);
        fails(IllegalStateException.class, "select in progress", () -> s.select(k -> {
            try {
                s.selectNow();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
    }

    @Test
    void anActionMayCloseTheSelector() throws Exception {
        Selector s = selector();
        nonBlockingPair().client().register(s, WRITE);
        fails(ClosedSelectorException.class, null, () -> s.select(k -> {
            try {
                s.close();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }));
    }

    @Test
    void selectingWithoutAnActionComplains() throws Exception {
        Selector s = selector();
        fails(NullPointerException.class, null, () -> s.select(null));
        fails(NullPointerException.class, null, () -> s.select(null, 10));
        fails(NullPointerException.class, null, () -> s.selectNow(null));
    }

    // ----- waiting

    @Test
    void aTimedSelectEnds() throws Exception {
        Selector s = selector();
        nonBlockingPair().client().register(s, READ);
        long start = System.nanoTime();
        assertThat(s.select(60)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(59_000_000L);
        fails(IllegalArgumentException.class, "Negative timeout", () -> s.select(-1));
        fails(IllegalArgumentException.class, "Negative timeout", () -> s.select(k -> {}, -1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void wakeupEndsASelect(boolean virtual) throws Exception {
        Selector s = selector();
        FutureTask<Integer> selecting = new FutureTask<>(s::select);
        Thread t = virtual ? Thread.ofVirtual().start(selecting) : Thread.ofPlatform().daemon().start(selecting);
        awaitBlocked(t);
        assertThat(s.wakeup()).isSameAs(s);
        assertThat(get(selecting)).isZero();
    }

    @Test
    void wakeupBeforeASelectEndsItAtOnce() throws Exception {
        Selector s = selector();
        s.wakeup();
        s.wakeup();
        assertThat(s.select()).isZero();
        long start = System.nanoTime();
        assertThat(s.select(50)).as("once only").isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(49_000_000L);
    }

    @Test
    void selectNowTakesAWakeupAway() throws Exception {
        Selector s = selector();
        s.wakeup();
        assertThat(s.selectNow()).isZero();
        long start = System.nanoTime();
        assertThat(s.select(50)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(49_000_000L);
    }

    @Test
    void wakeupAfterCloseDoesNothing() throws Exception {
        Selector s = selector();
        s.close();
        assertThat(s.wakeup()).isSameAs(s);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void interruptEndsASelectAndKeepsTheStatus(boolean virtual) throws Exception {
        Selector s = selector();
        FutureTask<Boolean> selecting = new FutureTask<>(() -> {
            s.select();
            return Thread.currentThread().isInterrupted();
        });
        Thread t = virtual ? Thread.ofVirtual().start(selecting) : Thread.ofPlatform().daemon().start(selecting);
        awaitBlocked(t);
        t.interrupt();
        assertThat(get(selecting)).isTrue();
        assertThat(s.isOpen()).isTrue();
    }

    @Test
    void anInterruptedThreadDoesNotWait() throws Exception {
        Selector s = selector();
        FutureTask<Boolean> selecting = start(() -> {
            Thread.currentThread().interrupt();
            s.select();
            s.select(SOON_MS);
            return Thread.currentThread().isInterrupted();
        });
        assertThat(get(selecting)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dataEndsABlockedSelect(boolean virtual) throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        p.client().register(s, READ);
        FutureTask<Integer> selecting = new FutureTask<>(s::select);
        Thread t = virtual ? Thread.ofVirtual().start(selecting) : Thread.ofPlatform().daemon().start(selecting);
        awaitBlocked(t);
        p.server().write(bytes("x"));
        assertThat(get(selecting)).isEqualTo(1);
    }

    @Test
    void registeringDoesNotWaitForASelect() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        FutureTask<Integer> selecting = new FutureTask<>(s::select);
        Thread t = Thread.ofPlatform().daemon().start(selecting);
        awaitBlocked(t);
        SelectionKey k = p.client().register(s, WRITE);
        assertThat(s.keys()).containsExactly(k);
        assertThat(selecting.isDone()).as("counts from the next selection").isFalse();
        s.wakeup();
        get(selecting);
        assertThat(s.selectNow()).isEqualTo(1);
    }

    // ----- cancelling and closing

    @Test
    void aCancelledKeyIsInvalidAtOnceAndGoneAfterASelection() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, WRITE);
        s.select();
        k.cancel();
        k.cancel();
        assertThat(k.isValid()).isFalse();
        assertThat(s.keys()).containsExactly(k);
        assertThat(c.isRegistered()).isTrue();
        assertThat(s.selectNow()).isZero();
        assertThat(s.keys()).isEmpty();
        assertThat(s.selectedKeys()).isEmpty();
        assertThat(c.isRegistered()).isFalse();
        assertThat(c.keyFor(s)).isNull();
        assertThat(c.isOpen()).isTrue();
    }

    @Test
    void aCancelledKeyComplains() throws Exception {
        SelectionKey k = nonBlockingPair().client().register(selector(), READ);
        k.cancel();
        fails(CancelledKeyException.class, null, k::interestOps);
        fails(CancelledKeyException.class, null, () -> k.interestOps(READ));
        fails(CancelledKeyException.class, null, () -> k.interestOpsOr(READ));
        fails(CancelledKeyException.class, null, () -> k.interestOpsAnd(READ));
        fails(CancelledKeyException.class, null, k::readyOps);
        fails(CancelledKeyException.class, null, k::isReadable);
        assertThat(k.selector()).isNotNull();
        assertThat(k.channel()).isNotNull();
    }

    @Test
    void registeringAfterCancelNeedsASelectionBetween() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, READ);
        k.cancel();
        fails(CancelledKeyException.class, null, () -> c.register(s, WRITE));
        s.selectNow();
        SelectionKey again = c.register(s, WRITE);
        assertThat(again).isNotSameAs(k);
        assertThat(s.selectNow()).isEqualTo(1);
    }

    @Test
    void closingAChannelCancelsItsKeys() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, WRITE);
        s.select();
        c.close();
        assertThat(k.isValid()).isFalse();
        assertThat(s.selectNow()).isZero();
        assertThat(s.keys()).isEmpty();
        assertThat(s.selectedKeys()).isEmpty();
    }

    @Test
    void thePeerSeesTheEndWhenARegisteredChannelIsClosed() throws Exception {
        Selector s = selector();
        Pair p = nonBlockingPair();
        p.client().register(s, READ);
        p.client().close();
        p.server().configureBlocking(true);
        assertThat(p.server().read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void aClosedSelectorComplains() throws Exception {
        Selector s = selector();
        SocketChannel c = nonBlockingPair().client();
        SelectionKey k = c.register(s, READ);
        s.close();
        s.close();
        assertThat(s.isOpen()).isFalse();
        assertThat(k.isValid()).isFalse();
        assertThat(c.isRegistered()).isFalse();
        assertThat(c.isOpen()).isTrue();
        fails(ClosedSelectorException.class, null, s::keys);
        fails(ClosedSelectorException.class, null, s::selectedKeys);
        fails(ClosedSelectorException.class, null, s::select);
        fails(ClosedSelectorException.class, null, s::selectNow);
        fails(ClosedSelectorException.class, null, () -> s.select(10));
        fails(ClosedSelectorException.class, null, () -> s.select(x -> {}));
        c.configureBlocking(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingASelectorEndsABlockedSelect(boolean virtual) throws Exception {
        Selector s = selector();
        nonBlockingPair().client().register(s, READ);
        FutureTask<Integer> selecting = new FutureTask<>(s::select);
        Thread t = virtual ? Thread.ofVirtual().start(selecting) : Thread.ofPlatform().daemon().start(selecting);
        awaitBlocked(t);
        s.close();
        Throwable failure = failure(selecting);
        assertThat(failure).satisfiesAnyOf(f -> assertThat(f).isNull(),
                f -> assertThat(f).isExactlyInstanceOf(ClosedSelectorException.class));
        assertThat(s.isOpen()).isFalse();
    }

    @Test
    void keysCannotBeAddedByHand() throws Exception {
        Selector s = selector();
        SelectionKey k = nonBlockingPair().client().register(s, WRITE);
        s.select();
        fails(UnsupportedOperationException.class, null, () -> s.keys().add(k));
        fails(UnsupportedOperationException.class, null, () -> s.keys().remove(k));
        fails(UnsupportedOperationException.class, null, () -> s.keys().clear());
        fails(UnsupportedOperationException.class, null, () -> s.selectedKeys().add(k));
        assertThat(s.selectedKeys().remove(k)).isTrue();
        assertThat(s.selectedKeys()).isEmpty();
        s.selectNow();
        var it = s.selectedKeys().iterator();
        it.next();
        it.remove();
        assertThat(s.selectedKeys()).isEmpty();
    }

    @Test
    void aLoopServesSeveralClients() throws Exception {
        Selector s = serverSelector();
        ServerSocketChannel server = server();
        server.configureBlocking(false);
        server.register(s, ACCEPT);
        FutureTask<Integer> loop = start(() -> echo(s, server, 8));
        List<FutureTask<String>> clients = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int id = i;
            clients.add(start(() -> {
                SocketChannel c = socket();
                c.connect(at(server));
                String last = "";
                for (int round = 0; round < 50; round++) {
                    c.write(bytes("client" + id));
                    last = read(c, 7);
                }
                c.close();
                return last;
            }));
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(get(clients.get(i))).isEqualTo("client" + i);
        }
        assertThat(get(loop)).isEqualTo(8);
    }

    private static int echo(Selector s, ServerSocketChannel server, int clients) throws Exception {
        ByteBuffer b = ByteBuffer.allocateDirect(1024);
        int ended = 0;
        while (ended < clients) {
            s.select();
            for (SelectionKey k : s.selectedKeys()) {
                if (k.isAcceptable()) {
                    SocketChannel c = server.accept();
                    c.configureBlocking(false);
                    c.register(s, READ);
                } else if (k.isReadable()) {
                    SocketChannel c = (SocketChannel) k.channel();
                    if (c.read(b.clear()) < 0) {
                        c.close();
                        ended++;
                    } else {
                        c.write(b.flip());
                    }
                }
            }
            s.selectedKeys().clear();
        }
        return ended;
    }
}
