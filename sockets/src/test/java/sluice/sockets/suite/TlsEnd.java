package sluice.sockets.suite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import org.jspecify.annotations.Nullable;

/** One end of TLS by an {@link SSLEngine}, on a channel that blocks, or that waits in a selector of its own. */
final class TlsEnd {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int END = -1;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final @Nullable Selector selector;
    private final ByteBuffer in;
    private final ByteBuffer out;
    private final ByteBuffer plain;

    /** For one protocol; with a selector when the channel does not block. */
    TlsEnd(SocketChannel channel, @Nullable Selector selector, boolean client, String protocol) throws IOException {
        this.channel = channel;
        this.selector = selector;
        engine = Tls.context().createSSLEngine();
        engine.setUseClientMode(client);
        engine.setEnabledProtocols(new String[]{protocol});
        in = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
        out = ByteBuffer.allocateDirect(engine.getSession().getPacketBufferSize());
        plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
        engine.beginHandshake();
        if (selector != null) {
            channel.configureBlocking(false);
            channel.register(selector, 0);
        }
    }

    private void await(int op) throws IOException {
        if (selector == null) {
            throw new IllegalStateException("a blocking channel did nothing");
        }
        channel.keyFor(selector).interestOps(op);
        selector.select();
        selector.selectedKeys().clear();
        if (Thread.interrupted()) {
            throw new IOException("interrupted");
        }
    }

    private void wrap(ByteBuffer from) throws IOException {
        SSLEngineResult r = engine.wrap(from, out.clear());
        out.flip();
        while (out.hasRemaining()) {
            if (channel.write(out) == 0) {
                await(SelectionKey.OP_WRITE);
            }
        }
        if (r.getStatus() == SSLEngineResult.Status.CLOSED && from.hasRemaining()) {
            throw new IOException("closed for writing");
        }
    }

    /** One record of the peer's; how much it had for us. */
    private int unwrap() throws IOException {
        while (true) {
            in.flip();
            SSLEngineResult r = engine.unwrap(in, plain.clear());
            in.compact();
            plain.flip();
            switch (r.getStatus()) {
                case OK -> {
                    return r.bytesProduced();
                }
                case CLOSED -> {
                    return END;
                }
                case BUFFER_UNDERFLOW -> {
                    int n = channel.read(in);
                    if (n < 0) {
                        engine.closeInbound(); // complains when the peer has not said that this is the end
                        return END;
                    } else if (n == 0) {
                        await(SelectionKey.OP_READ);
                    }
                }
                default -> throw new IOException("a record that is too large");
            }
        }
    }

    private void handshake() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> wrap(NOTHING);
                case NEED_TASK -> {
                    for (Runnable t = engine.getDelegatedTask(); t != null; t = engine.getDelegatedTask()) {
                        t.run();
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap() == END) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    void write(byte[] all) throws IOException {
        ByteBuffer from = ByteBuffer.wrap(all);
        handshake();
        while (from.hasRemaining()) {
            wrap(from);
        }
    }

    /** So many bytes, or as many as come before the end that the peer tells. */
    byte[] read(int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < most) {
            handshake();
            if (unwrap() == END) {
                break;
            }
            all.write(plain.array(), 0, plain.limit());
        }
        return all.toByteArray();
    }

    /** Tells the peer that nothing more comes; what it has to say can still be read (TLS 1.3). */
    void closeOutbound() throws IOException {
        engine.closeOutbound();
        while (!engine.isOutboundDone()) {
            wrap(NOTHING);
        }
    }
}
