package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** How a {@link Socket} ends, and what several threads see of it. */
abstract class SocketClosingSuite extends NetSuite {
    private static void awaitAvailable(Socket s, int count) throws Exception {
        long end = System.nanoTime() + SOON_MS * 1_000_000L;
        while (s.getInputStream().available() < count) {
            assertThat(System.nanoTime()).as("nothing came").isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Other than a channel, which resets at once: the output is shut before the close. */
    @Test
    void closingWithUnreadDataShowsTheEndOfTheStreamFirst() throws Exception {
        Two t = two();
        t.client().getOutputStream().write(new byte[100]);
        awaitAvailable(t.server(), 100);
        t.server().close();
        t.client().setSoTimeout(SOON_MS);
        assertThat(t.client().getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> {
            while (true) {
                t.client().getOutputStream().write(new byte[10]);
            }
        }).isInstanceOf(SocketException.class);
    }

    @Test
    void lingerOfZeroResets() throws Exception {
        Two t = two();
        t.client().getOutputStream().write(new byte[100]);
        awaitAvailable(t.server(), 100);
        t.server().setSoLinger(true, 0);
        t.server().close();
        t.client().setSoTimeout(SOON_MS);
        fails(SocketException.class, "Connection reset", () -> t.client().getInputStream().read());
    }

    /** The JDK does not tell of shutdown(2)'s ENOTCONN. */
    @Test
    void shuttingWhatWasResetDoesNothing() throws Exception {
        Two t = two();
        t.server().setSoLinger(true, 0);
        t.server().close();
        t.client().setSoTimeout(SOON_MS);
        fails(SocketException.class, "Connection reset", () -> t.client().getInputStream().read());
        t.client().shutdownInput();
        t.client().shutdownOutput();
        assertThat(t.client().isInputShutdown() && t.client().isOutputShutdown()).isTrue();
    }

    @Test
    void lingeringWaitsForThePeer() throws Exception {
        Two t = two();
        t.client().setSoLinger(true, 20);
        byte[] data = new byte[400_000];
        FutureTask<byte[]> reader = start(() -> {
            try (InputStream in = t.server().getInputStream()) {
                return in.readAllBytes();
            }
        });
        t.client().getOutputStream().write(data);
        t.client().close();
        assertThat(get(reader)).hasSize(data.length);
    }

    /** The time of SO_LINGER is over: close returns, and what was written goes on its way all the same. */
    @Test
    void whatALingeringCloseDidNotWaitForArrivesLater() throws Exception {
        Two t = two();
        AtomicLong written = new AtomicLong();
        FutureTask<Void> writer = new FutureTask<>(() -> {
            while (true) {
                t.client().getOutputStream().write(new byte[1000]);
                written.addAndGet(1000);
            }
        });
        awaitBlocked(Thread.ofPlatform().daemon().start(writer));
        t.client().setSoLinger(true, 1);
        t.client().close();
        failed(SocketException.class, "Socket closed", failure(writer));
        t.server().setSoTimeout(SOON_MS);
        assertThat(t.server().getInputStream().readAllBytes()).hasSizeGreaterThanOrEqualTo(written.intValue());
    }

    @Test
    void twoReadersTakeTurns() throws Exception {
        Two t = two();
        CountDownLatch both = new CountDownLatch(2);
        Callable<Integer> one = () -> {
            both.countDown();
            return t.client().getInputStream().read(new byte[1]);
        };
        FutureTask<Integer> a = start(one);
        FutureTask<Integer> b = start(Thread.ofVirtual(), one);
        both.await();
        write(t.server(), "xy");
        assertThat(get(a) + get(b)).isEqualTo(2);
    }

    @Test
    void closingEndsReaderAndWriter() throws Exception {
        Two t = two();
        FutureTask<Integer> reader = new FutureTask<>(() -> t.client().getInputStream().read());
        FutureTask<Void> writer = new FutureTask<>(() -> {
            while (true) {
                t.client().getOutputStream().write(new byte[1 << 20]);
            }
        });
        Thread r = Thread.ofPlatform().daemon().start(reader);
        Thread w = Thread.ofVirtual().start(writer);
        awaitBlocked(r);
        awaitBlocked(w);
        t.client().close();
        failed(SocketException.class, "Socket closed", failure(reader));
        failed(SocketException.class, "Socket closed", failure(writer));
    }

    /** The connection may be refused before its thread looks. */
    @Test
    void aConnectThatIsOverAtOnceEnds() throws Exception {
        for (int i = 0; i < 50; i++) {
            Socket c = client();
            assertThat(catchThrowable(() -> c.connect(backend.nobody(), SOON_MS)))
                    .isInstanceOf(java.net.ConnectException.class);
        }
    }
}
