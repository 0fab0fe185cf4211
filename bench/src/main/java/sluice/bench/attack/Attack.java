package sluice.bench.attack;

import java.io.IOException;

/** Bad traffic. Used by one thread. */
interface Attack extends AutoCloseable {
    /**
     * Does some of it: as many packets as it is asked for at most, or fewer when it has no more to do now.
     *
     * @param most packets, a few more do not matter
     * @return how many packets it made
     */
    int step(int most) throws IOException;

    /** Packets given to the kernel. */
    long offered();

    /** What there is to say of it in the end, in words; empty for nothing. */
    default String remark() {
        return "";
    }

    @Override
    void close() throws IOException;
}
