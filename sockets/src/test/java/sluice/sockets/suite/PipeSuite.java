package sluice.sockets.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Pipe}. */
abstract class PipeSuite extends Suite {
    private Pipe pipe() throws IOException {
        Pipe p = backend.client().openPipe();
        closing(p.source());
        closing(p.sink());
        return p;
    }

    private static String read(Pipe.SourceChannel c, int count) throws IOException {
        ByteBuffer b = ByteBuffer.allocate(count);
        while (b.hasRemaining()) {
            assertThat(c.read(b)).isPositive();
        }
        return text(b.flip());
    }

    @Test
    void bytesGoThrough() throws Exception {
        Pipe p = pipe();
        assertThat(p.source().validOps()).isEqualTo(SelectionKey.OP_READ);
        assertThat(p.sink().validOps()).isEqualTo(SelectionKey.OP_WRITE);
        assertThat(p.sink().write(bytes("hello"))).isEqualTo(5);
        assertThat(p.sink().write(new ByteBuffer[]{bytes(" w"), direct("orld")})).isEqualTo(6);
        assertThat(read(p.source(), 11)).isEqualTo("hello world");
        p.sink().write(bytes("abc"));
        ByteBuffer[] in = {ByteBuffer.allocate(1), ByteBuffer.allocateDirect(10)};
        assertThat(p.source().read(in)).isEqualTo(3);
        assertThat(text(in[0].flip()) + "|" + text(in[1].flip())).isEqualTo("a|bc");
    }

    @Test
    void muchGoesThrough() throws Exception {
        Pipe p = pipe();
        FutureTask<Integer> writer = start(() -> p.sink().write(ByteBuffer.allocateDirect(1_000_000)));
        ByteBuffer in = ByteBuffer.allocate(10_000);
        int sum = 0;
        while (sum < 1_000_000) {
            sum += p.source().read(in.clear());
        }
        assertThat(get(writer)).isEqualTo(1_000_000);
    }

    @Test
    void theEndComesWhenTheSinkIsClosed() throws Exception {
        Pipe p = pipe();
        p.sink().write(bytes("x"));
        p.sink().close();
        assertThat(read(p.source(), 1)).isEqualTo("x");
        assertThat(p.source().read(ByteBuffer.allocate(1))).isEqualTo(-1);
        fails(ClosedChannelException.class, null, () -> p.sink().write(bytes("x")));
    }

    @Test
    void aPipeWithoutSourceIsBroken() throws Exception {
        Pipe p = pipe();
        p.source().close();
        fails(IOException.class, "Broken pipe", () -> p.sink().write(bytes("x")));
        fails(ClosedChannelException.class, null, () -> p.source().read(ByteBuffer.allocate(1)));
    }

    @Test
    void nonBlockingEndsDoNotWait() throws Exception {
        Pipe p = pipe();
        p.source().configureBlocking(false);
        p.sink().configureBlocking(false);
        assertThat(p.source().read(ByteBuffer.allocate(1))).isZero();
        ByteBuffer much = ByteBuffer.allocate(1 << 20);
        int n = p.sink().write(much);
        assertThat(n).isBetween(4_096, (1 << 20) - 1);
        assertThat(p.sink().write(ByteBuffer.allocate(4_096))).isZero();
        assertThat(p.source().read(ByteBuffer.allocate(1 << 20))).isEqualTo(n);
    }

    @Test
    void selectorsKnowPipes() throws Exception {
        Pipe p = pipe();
        p.source().configureBlocking(false);
        p.sink().configureBlocking(false);
        Selector s = selector();
        SelectionKey r = p.source().register(s, SelectionKey.OP_READ);
        SelectionKey w = p.sink().register(s, SelectionKey.OP_WRITE);
        assertThat(s.select()).isEqualTo(1);
        assertThat(s.selectedKeys()).containsExactly(w);
        w.interestOps(0);
        s.selectedKeys().clear();
        assertThat(s.selectNow()).isZero();
        p.sink().write(bytes("x"));
        select(s, r, SelectionKey.OP_READ);
        p.source().read(ByteBuffer.allocate(10));
        s.selectedKeys().clear();
        assertThat(s.selectNow()).isZero();
        while (p.sink().write(ByteBuffer.allocate(4_096)) > 0) {
            assertThat(p.sink().isOpen()).isTrue();
        }
        w.interestOps(SelectionKey.OP_WRITE);
        r.interestOps(0);
        assertThat(s.selectNow()).isZero();
        p.source().read(ByteBuffer.allocate(10_000));
        select(s, w, SelectionKey.OP_WRITE);
        p.sink().close();
        r.interestOps(SelectionKey.OP_READ);
        select(s, r, SelectionKey.OP_READ);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closingAndInterruptEndABlockedRead(boolean virtual) throws Exception {
        Pipe closed = pipe();
        FutureTask<Integer> reading = new FutureTask<>(() -> closed.source().read(ByteBuffer.allocate(1)));
        awaitBlocked((virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(reading));
        closed.source().close();
        failed(AsynchronousCloseException.class, null, failure(reading));
        Pipe interrupted = pipe();
        FutureTask<Integer> other = new FutureTask<>(() -> interrupted.source().read(ByteBuffer.allocate(1)));
        Thread t = (virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon()).start(other);
        awaitBlocked(t);
        t.interrupt();
        failed(ClosedByInterruptException.class, null, failure(other));
        assertThat(interrupted.source().isOpen()).isFalse();
    }

    @Test
    void readOnlyBuffersAreNotReadInto() throws Exception {
        Pipe p = pipe();
        fails(IllegalArgumentException.class, "Read-only buffer",
                () -> p.source().read(ByteBuffer.allocate(1).asReadOnlyBuffer()));
        fails(NullPointerException.class, null, () -> p.source().read((ByteBuffer) null));
        fails(NullPointerException.class, null, () -> p.sink().write((ByteBuffer) null));
    }
}
