package sluice.sockets.internal.nio;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketImpl;

/** What the adaptors give to their base classes, which never ask it for anything: they override all. */
final class NoSocketImpl extends SocketImpl {
    private static IllegalStateException never() {
        return new IllegalStateException("an adaptor answers by itself");
    }

    @Override
    protected void create(boolean stream) {
        // nothing to make: the channel is there
    }

    @Override
    protected void connect(String host, int port) {
        throw never();
    }

    @Override
    protected void connect(InetAddress address, int port) {
        throw never();
    }

    @Override
    protected void connect(SocketAddress address, int timeout) {
        throw never();
    }

    @Override
    protected void bind(InetAddress host, int port) {
        throw never();
    }

    @Override
    protected void listen(int backlog) {
        throw never();
    }

    @Override
    protected void accept(SocketImpl s) {
        throw never();
    }

    @Override
    protected InputStream getInputStream() {
        throw never();
    }

    @Override
    protected OutputStream getOutputStream() {
        throw never();
    }

    @Override
    protected int available() {
        throw never();
    }

    @Override
    protected void close() throws IOException {
        // the channel closes itself
    }

    @Override
    protected void sendUrgentData(int data) {
        throw never();
    }

    @Override
    public void setOption(int name, Object value) {
        throw never();
    }

    @Override
    public Object getOption(int name) {
        throw never();
    }
}
