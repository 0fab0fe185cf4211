package sluice.sockets.internal.nio;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.channels.DatagramChannel;
import java.nio.channels.MembershipKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
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
        private final @Nullable InetAddress source;
        /** Sources of a key for all that are not heard. */
        private final Set<InetAddress> blocked = new HashSet<>(0);
        private volatile boolean valid = true;

        Key(SluiceDatagramChannel channel, InetAddress group, NetworkInterface on, int index,
                @Nullable InetAddress source) {
            this.channel = channel;
            this.group = group;
            this.on = on;
            this.index = index;
            this.source = source;
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
        public MembershipKey block(InetAddress toBlock) throws IOException {
            if (source != null) {
                throw new IllegalStateException("key is source-specific");
            }
            channel.filter(this, toBlock, true);
            return this;
        }

        @Override
        public MembershipKey unblock(InetAddress toUnblock) {
            try {
                channel.filter(this, toUnblock, false);
            } catch (IOException e) {
                throw new IllegalStateException("key is no longer valid", e);
            }
            return this;
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
            return source;
        }

        @Override
        public String toString() {
            return "<" + group.getHostAddress() + "," + on.getName()
                    + (source == null ? "" : "," + source.getHostAddress()) + ">";
        }
    }

    /** Complains about what is no source of a group. */
    static void checkSource(InetAddress source, InetAddress group) {
        if (source.isAnyLocalAddress()) {
            throw new IllegalArgumentException("Source address is a wildcard address");
        }
        if (source.isMulticastAddress()) {
            throw new IllegalArgumentException("Source address is multicast address");
        }
        if (source.getClass() != group.getClass()) {
            throw new IllegalArgumentException("Source address is different type to group");
        }
    }

    /** Joins for one source, or for all. */
    MembershipKey join(InetAddress group, NetworkInterface on, @Nullable InetAddress source) throws IOException {
        MembershipKey known = known(group, on, source);
        if (known != null) {
            return known;
        }
        Key k = Inside.call(end, () -> {
            int index = index(end.access.host(), on);
            if (source == null) {
                end.socket.join(Addresses.of(group), index);
            } else {
                end.socket.joinSource(Addresses.of(group), index, Addresses.of(source));
            }
            return new Key(channel, group, on, index, source);
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

    /** The key that there is already; those for all and for some do not go together (words of the JDK). */
    private @Nullable MembershipKey known(InetAddress group, NetworkInterface on, @Nullable InetAddress source) {
        synchronized (keys) {
            for (Key k : keys) {
                if (k.group.equals(group) && k.on.equals(on)) {
                    if ((k.source == null) != (source == null)) {
                        throw new IllegalStateException(source == null ? "Already a member to receive all packets"
                                : "Already have source-specific membership");
                    }
                    if (Objects.equals(k.source, source)) {
                        return k;
                    }
                }
            }
        }
        return null;
    }

    /** The key for all sources; null when there is none. */
    @Nullable MembershipKey find(InetAddress group, NetworkInterface on) {
        synchronized (keys) {
            for (Key k : keys) {
                if (k.source == null && k.group.equals(group) && k.on.equals(on)) {
                    return k;
                }
            }
        }
        return null;
    }

    /** Hears a source of a key for all no more, or again. */
    void filter(MembershipKey key, InetAddress source, boolean block) throws IOException {
        Key k = (Key) key;
        if (k.blocked.contains(source) == block) {
            if (block) {
                return;
            }
            throw new IllegalStateException("not blocked");
        }
        if (!k.valid) {
            throw new IllegalStateException("key is no longer valid");
        }
        if (block) {
            checkSource(source, k.group);
        }
        Inside.run(end, () -> {
            if (block) {
                end.socket.block(Addresses.of(k.group), k.index, Addresses.of(source));
            } else {
                end.socket.unblock(Addresses.of(k.group), k.index, Addresses.of(source));
            }
        });
        if (block) {
            k.blocked.add(source);
        } else {
            k.blocked.remove(source);
        }
    }

    void drop(MembershipKey key) {
        if (key instanceof Key k && k.valid) {
            try {
                Inside.run(end, () -> leave(k));
            } catch (IOException e) {
                // the channel or the stack is closed, and has left all groups
            }
            k.valid = false;
            keys.remove(k);
        }
    }

    private void leave(Key k) {
        InetAddress source = k.source;
        if (source == null) {
            end.socket.leave(Addresses.of(k.group), k.index);
        } else {
            end.socket.leaveSource(Addresses.of(k.group), k.index, Addresses.of(source));
        }
    }

    void invalidateAll() {
        synchronized (keys) {
            keys.forEach(k -> k.valid = false);
            keys.clear();
        }
    }
}
