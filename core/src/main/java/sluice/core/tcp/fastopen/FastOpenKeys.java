package sluice.core.tcp.fastopen;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sluice.base.Entropy;
import sluice.base.Rfc;
import sluice.base.SipHash;
import sluice.core.tcp.segment.FastOpenCookie;
import sluice.wire.IpAddress;

/**
 * The secrets of a server's cookies: a cookie is the keyed hash of the two addresses. New ones are made with the first
 * key; the second, the previous one, is still believed, so that keys can be changed without a gap. Cookies are Linux's:
 * the same key makes the same cookie. Immutable.
 */
@Rfc(value = 7413, section = "4.1.2")
public final class FastOpenKeys {
    /** Bytes of one key. */
    public static final int KEY_BYTES = 16;
    private final List<byte[]> keys;
    private final List<SipHash> hashes;

    private FastOpenKeys(List<byte[]> keys) {
        this.keys = keys;
        hashes = keys.stream().map(FastOpenKeys::hash).toList();
    }

    private static SipHash hash(byte[] key) {
        ByteBuffer b = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        return new SipHash(b.getLong(0), b.getLong(8));
    }

    /**
     * One key or two, as TCP_FASTOPEN_KEY takes them.
     *
     * @param bytes 16 or 32 bytes, the present key first
     * @throws IllegalArgumentException for another number of bytes
     */
    public static FastOpenKeys of(byte[] bytes) {
        if (bytes.length != KEY_BYTES && bytes.length != 2 * KEY_BYTES) {
            throw new IllegalArgumentException(
                    "a Fast Open key has " + KEY_BYTES + " bytes, two have " + 2 * KEY_BYTES + ", not " + bytes.length);
        }
        byte[] first = java.util.Arrays.copyOf(bytes, KEY_BYTES);
        return new FastOpenKeys(
                bytes.length == KEY_BYTES ? List.of(first)
                        : List.of(first, java.util.Arrays.copyOfRange(bytes, KEY_BYTES, 2 * KEY_BYTES)));
    }

    /** A key drawn at random. */
    public static FastOpenKeys random(Entropy entropy) {
        return of(ByteBuffer.allocate(KEY_BYTES).putLong(entropy.nextLong()).putLong(entropy.nextLong()).array());
    }

    /** Keys as net.ipv4.tcp_fastopen_key has them: four words in hexadecimal, and four more after a comma. */
    public static FastOpenKeys parse(String text) {
        String digits = text.replaceAll("[-, ]", "");
        ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(digits));
        ByteBuffer bytes = ByteBuffer.allocate(words.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        while (words.hasRemaining()) {
            bytes.putInt(words.getInt());
        }
        return of(bytes.array());
    }

    /** The keys' bytes, the present one first. */
    public byte[] bytes() {
        ByteBuffer b = ByteBuffer.allocate(keys.size() * KEY_BYTES);
        keys.forEach(b::put);
        return b.array();
    }

    /** The cookie that {@code client} gets from {@code server}. */
    public FastOpenCookie make(IpAddress client, IpAddress server) {
        return make(hashes.getFirst(), client, server);
    }

    private static FastOpenCookie make(SipHash hash, IpAddress client, IpAddress server) {
        long h = client.isV4()
                ? hash.hashOf(Long.reverseBytes(client.low() << 32 | server.low() & 0xffff_ffffL))
                : hash.hashOf(Long.reverseBytes(client.high()), Long.reverseBytes(client.low()),
                        Long.reverseBytes(server.high()),
                        Long.reverseBytes(server.low()));
        return FastOpenCookie.of(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(h).array(), false);
    }

    /** Which key made {@code cookie}: 1 the present one, 2 the previous one, 0 none of ours. */
    public int match(@Nullable FastOpenCookie cookie, IpAddress client, IpAddress server) {
        for (int i = 0; cookie != null && i < hashes.size(); i++) {
            if (make(hashes.get(i), client, server).sameValue(cookie)) {
                return i + 1;
            }
        }
        return 0;
    }
}
