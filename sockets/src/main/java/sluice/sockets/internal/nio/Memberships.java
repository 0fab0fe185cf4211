package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.core.Host;
import sluice.sockets.Addresses;

/**
 * The groups that a channel has joined. Guarded by the channel's state lock.
 *
 * <p>The JDK's {@link NetworkInterface}s are the platform's. One of the host's with the same name, or with one of its
 * addresses, is meant; when there is none, the one that the host's route to the group names.
 */
final class Memberships {
    private final SluiceDatagramChannel channel;
    private final DatagramEnd end;
    private final List<Key> keys = Collections.synchronizedList(new ArrayList<>(0));

    Memberships(SluiceDatagramChannel channel, DatagramEnd end) {
        this.channel = channel;
        this.end = end;
    }

    private static final class Key extends MembershipKey {
        private final SluiceDatagramChannel channel;
        private final InetAddress group;
        private final NetworkInterface on;
        private final int index;
        private volatile boolean valid = true;

        Key(SluiceDatagramChannel channel, InetAddress group, NetworkInterface on, int index) {
            this.channel = channel;
            this.group = group;
            this.on = on;
            this.index = index;
        }

        @Override
        public boolean isValid() {
            return valid;
        }

        @Override
        public void drop() {
            channel.drop(this);
        }

        @Override
        public MembershipKey block(InetAddress source) {
            throw new UnsupportedOperationException("no source filtering");
        }

        @Override
        public MembershipKey unblock(InetAddress source) {
            throw new IllegalStateException("not blocked");
        }

        @Override
        public DatagramChannel channel() {
            return channel;
        }

        @Override
        public InetAddress group() {
            return group;
        }

        @Override
        public NetworkInterface networkInterface() {
            return on;
        }

        @Override
        public @Nullable InetAddress sourceAddress() {
            return null;
        }

        @Override
        public String toString() {
            return "<" + group.getHostAddress() + "," + on.getName() + ">";
        }
    }

    MembershipKey join(InetAddress group, NetworkInterface on) throws IOException {
        MembershipKey known = find(group, on);
        if (known != null) {
            return known;
        }
        Key k = Inside.call(end, () -> {
            int index = index(end.access.host(), on);
            end.socket.join(Addresses.of(group), index);
            return new Key(channel, group, on, index);
        });
        keys.add(k);
        return k;
    }

    /** The host's interface that is meant; 0 when it has none like it. Inside the host. */
    static int index(Host host, NetworkInterface on) {
        for (sluice.core.ip.NetworkInterface i : host.interfaces()) {
            if (!i.loopback() && i.name().equals(on.getName())) {
                return i.index();
            }
        }
        for (sluice.core.ip.NetworkInterface i : host.interfaces()) {
            if (!i.loopback() && on.inetAddresses().anyMatch(a -> i.find(Addresses.of(a)) != null)) {
                return i.index();
            }
        }
        return 0;
    }

    @Nullable MembershipKey find(InetAddress group, NetworkInterface on) {
        synchronized (keys) {
            for (Key k : keys) {
                if (k.group.equals(group) && k.on.equals(on)) {
                    return k;
                }
            }
        }
        return null;
    }

    void drop(MembershipKey key) {
        if (key instanceof Key k && k.valid) {
            try {
                Inside.run(end, () -> end.socket.leave(Addresses.of(k.group), k.index));
            } catch (IOException e) {
                // the channel or the stack is closed, and has left all groups
            }
            k.valid = false;
            keys.remove(k);
        }
    }

    void invalidateAll() {
        synchronized (keys) {
            keys.forEach(k -> k.valid = false);
            keys.clear();
        }
    }
}
