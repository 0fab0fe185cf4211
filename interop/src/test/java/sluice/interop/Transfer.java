package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Bytes on their way from one end of a connection to the other, with a sum at both ends and a watch on progress. */
final class Transfer {
    private static final int BLOCK = 1_000_003;
    private static final byte[] DATA = new byte[BLOCK + 65_536];

    static {
        new Random(4711).nextBytes(DATA);
        System.arraycopy(DATA, 0, DATA, BLOCK, 65_536);
    }

    private final String name;
    private final long bytes;
    private final Peer from;
    private final Peer to;
    private final int shift;
    private volatile long received;
    private volatile long longestGapNs;
    private volatile long lastNs;
    private volatile @Nullable Throwable failure;
    private @Nullable String sentSum;
    private @Nullable String receivedSum;
    private final Thread sender;
    private final Thread receiver;
    private final long startNs = System.nanoTime();
    private volatile long endNs;

    private Transfer(String name, Peer from, Peer to, long bytes) {
        this.name = name;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
        shift = Math.floorMod(name.hashCode(), BLOCK);
        lastNs = startNs;
        sender = Thread.ofPlatform().daemon().name("send " + name).unstarted(this::send);
        receiver = Thread.ofPlatform().daemon().name("receive " + name).unstarted(this::receive);
    }

    /** Sends {@code bytes} and then closes that direction. */
    static Transfer start(String name, Peer from, Peer to, long bytes) {
        Transfer t = new Transfer(name, from, to, bytes);
        t.receiver.start();
        t.sender.start();
        return t;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private void send() {
        try {
            MessageDigest sum = sha256();
            for (long done = 0; done < bytes;) {
                int n = (int) Math.min(65_536, bytes - done);
                int at = (int) ((done + shift) % BLOCK);
                from.write(DATA, at, n);
                sum.update(DATA, at, n);
                done += n;
            }
            from.shutdownOutput();
            sentSum = HexFormat.of().formatHex(sum.digest());
        } catch (Throwable t) {
            failure = t;
        }
    }

    private void receive() {
        try {
            MessageDigest sum = sha256();
            byte[] buffer = new byte[65_536];
            long got = 0;
            for (int n = to.read(buffer, 0, buffer.length); n >= 0; n = to.read(buffer, 0, buffer.length)) {
                sum.update(buffer, 0, n);
                long now = System.nanoTime();
                longestGapNs = Math.max(longestGapNs, now - lastNs);
                lastNs = now;
                got += n;
                received = got;
            }
            endNs = System.nanoTime();
            receivedSum = HexFormat.of().formatHex(sum.digest());
        } catch (Throwable t) {
            failure = t;
        }
    }

    /**
     * Waits for the end; fails when nothing arrives for longer than {@code stall}, or the sums differ. Leaves the ends
     * open.
     */
    void finish(Duration stall, Lab lab) {
        while (sender.isAlive() || receiver.isAlive()) {
            if (failure != null) {
                throw new AssertionError(this + " failed: " + failure + "\n" + lab.state(), failure);
            }
            if (System.nanoTime() - lastNs > stall.toNanos()) {
                throw new AssertionError(this + " has stood still for " + stall.toMillis() + " ms\n" + lab.state());
            }
            Lab.pause(2);
        }
        if (failure != null) {
            throw new AssertionError(this + " failed: " + failure + "\n" + lab.state(), failure);
        }
        assertThat(received).as("bytes of " + this).isEqualTo(bytes);
        assertThat(receivedSum).as("SHA-256 of " + this).isEqualTo(sentSum);
    }

    double seconds() {
        return (endNs - startNs) / 1e9;
    }

    @Override
    public String toString() {
        return String.format(java.util.Locale.ROOT, "%s (%s to %s, %d of %d bytes, %.2f s, longest gap %d ms)", name,
                from, to, received, bytes,
                ((endNs != 0 ? endNs : System.nanoTime()) - startNs) / 1e9, longestGapNs / 1_000_000);
    }
}
