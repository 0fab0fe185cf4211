package sluice.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Reads pcap files: microseconds or nanoseconds, either byte order. Opened by {@link CaptureReader#open}. */
public final class PcapReader implements CaptureReader {
    private static final long NS_PER_S = 1_000_000_000L;

    private final CaptureInput input;
    private final int linkType;
    private final long nsPerUnit;
    private long timestampNs;
    private int length;
    private int wireLength;

    /** Takes over after the first four bytes. */
    PcapReader(CaptureInput input) throws IOException {
        this.input = input;
        ByteOrder order = ByteOrder.nativeOrder();
        int magic = input.i32(0);
        if (magic != Pcap.MAGIC_US && magic != Pcap.MAGIC_NS) {
            magic = Integer.reverseBytes(magic);
            order = order == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        }
        if (magic != Pcap.MAGIC_US && magic != Pcap.MAGIC_NS) {
            throw new IOException("not a capture file: it begins with 0x" + Integer.toHexString(magic));
        }
        input.order(order);
        input.readFully(4, 20, "file header");
        nsPerUnit = magic == Pcap.MAGIC_NS ? 1 : 1000;
        linkType = input.i32(20) & 0xffff;
    }

    @Override
    public boolean next() throws IOException {
        length = 0;
        if (!input.read(0, 16, "packet header")) {
            return false;
        }
        timestampNs = (input.i32(0) & 0xffff_ffffL) * NS_PER_S + (input.i32(4) & 0xffff_ffffL) * nsPerUnit;
        int captured = input.i32(8);
        wireLength = Math.max(captured, input.i32(12));
        input.readFully(16, captured, "packet");
        length = captured;
        return true;
    }

    @Override
    public MemorySegment memory() {
        return input.memory();
    }

    @Override
    public long offset() {
        return 16;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public int wireLength() {
        return wireLength;
    }

    @Override
    public long timestampNs() {
        return timestampNs;
    }

    @Override
    public int linkType() {
        return linkType;
    }

    @Override
    public int interfaceIndex() {
        return 0;
    }

    @Override
    public @Nullable String interfaceName() {
        return null;
    }

    @Override
    public PacketDirection direction() {
        return PacketDirection.UNKNOWN;
    }

    @Override
    public @Nullable String comment() {
        return null;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
