package sluice.engine;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import sluice.base.Entropy;

/**
 * Random numbers for hosts on real networks, from the system's generator: initial sequence numbers, cookies and ports
 * are only as secret as these.
 *
 * <p>Drawn by the block, since each is asked for inside the shard. One instance for one host; not thread-safe.
 */
public final class SystemEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();
    private final byte[] block = new byte[4096];
    private final ByteBuffer left = ByteBuffer.wrap(block).limit(0);

    @Override
    public long nextLong() {
        if (!left.hasRemaining()) {
            random.nextBytes(block);
            left.clear();
        }
        return left.getLong();
    }
}
