package sluice.sockets.internal.nio;

import java.net.DatagramPacket;
import java.net.DatagramSocketImpl;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;

/** What the adaptor gives to its base class, which never asks it for anything: the adaptor overrides all. */
final class NoDatagramSocketImpl extends DatagramSocketImpl {
    private static IllegalStateException never() {
        return new IllegalStateException("an adaptor answers by itself");
    }

    @Override
    protected void create() {
        // nothing to make: the channel is there
    }

    @Override
    protected void bind(int port, InetAddress address) {
        throw never();
    }

    @Override
    protected void send(DatagramPacket p) {
        throw never();
    }

    @Override
    protected int peek(InetAddress address) {
        throw never();
    }

    @Override
    protected int peekData(DatagramPacket p) {
        throw never();
    }

    @Override
    protected void receive(DatagramPacket p) {
        throw never();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected void setTTL(byte ttl) {
        throw never();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal")
    protected byte getTTL() {
        throw never();
    }

    @Override
    protected void setTimeToLive(int ttl) {
        throw never();
    }

    @Override
    protected int getTimeToLive() {
        throw never();
    }

    @Override
    protected void join(InetAddress group) {
        throw never();
    }

    @Override
    protected void leave(InetAddress group) {
        throw never();
    }

    @Override
    protected void joinGroup(SocketAddress group, NetworkInterface on) {
        throw never();
    }

    @Override
    protected void leaveGroup(SocketAddress group, NetworkInterface on) {
        throw never();
    }

    @Override
    protected void close() {
        // the channel closes itself
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
