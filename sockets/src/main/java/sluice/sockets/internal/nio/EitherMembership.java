package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import org.jspecify.annotations.Nullable;

/** A group that an {@link EitherDatagramChannel} has joined: that of the channel which does its work. */
final class EitherMembership extends MembershipKey {
    private final EitherDatagramChannel channel;
    private final MembershipKey real;

    EitherMembership(EitherDatagramChannel channel, MembershipKey real) {
        this.channel = channel;
        this.real = real;
    }

    MembershipKey real() {
        return real;
    }

    @Override
    public boolean isValid() {
        return real.isValid();
    }

    @Override
    public void drop() {
        real.drop();
    }

    @Override
    public MembershipKey block(InetAddress source) throws IOException {
        real.block(source);
        return this;
    }

    @Override
    public MembershipKey unblock(InetAddress source) {
        real.unblock(source);
        return this;
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    @Override
    public InetAddress group() {
        return real.group();
    }

    @Override
    public NetworkInterface networkInterface() {
        return real.networkInterface();
    }

    @Override
    public @Nullable InetAddress sourceAddress() {
        return real.sourceAddress();
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
