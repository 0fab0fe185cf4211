package sluice.base;

/**
 * SipHash-2-4 over 64-bit words: the keyed hash behind initial sequence numbers, cookies, port selection and table
 * placement.
 */
@Rfc(value = 6528, section = "3")
public final class SipHash {
    private final long k0;
    private final long k1;

    /** A hash with a secret drawn from {@code entropy}. */
    public SipHash(Entropy entropy) {
        this(entropy.nextLong(), entropy.nextLong());
    }

    /** A hash with the given 128-bit key. */
    public SipHash(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** Hash of whole words, each eight bytes of the input in little-endian order. */
    public long hashOf(long... words) {
        State s = new State(k0, k1);
        for (long m : words) {
            s.absorb(m);
        }
        s.absorb((long) words.length << 59);
        return s.finish();
    }

    /** Hash of five words: the two addresses (128 bits each) and one word for ports and purpose. */
    public long hash(long a, long b, long c, long d, long e) {
        State s = new State(k0, k1);
        s.absorb(a);
        s.absorb(b);
        s.absorb(c);
        s.absorb(d);
        s.absorb(e);
        s.absorb(5L << 59);
        return s.finish();
    }

    private static final class State {
        private long v0;
        private long v1;
        private long v2;
        private long v3;

        State(long k0, long k1) {
            v0 = k0 ^ 0x736f6d6570736575L;
            v1 = k1 ^ 0x646f72616e646f6dL;
            v2 = k0 ^ 0x6c7967656e657261L;
            v3 = k1 ^ 0x7465646279746573L;
        }

        void absorb(long m) {
            v3 ^= m;
            round();
            round();
            v0 ^= m;
        }

        long finish() {
            v2 ^= 0xff;
            for (int i = 0; i < 4; i++) {
                round();
            }
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
