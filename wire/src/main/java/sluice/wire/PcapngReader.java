package sluice.wire;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads pcapng files: several sections and interfaces, either byte order; unknown blocks are skipped. Opened by {@link
 * CaptureReader#open}.
 */
public final class PcapngReader implements CaptureReader {
    private static final int MAX_INTERFACES = 65_536;
    private static final long NS_PER_S = 1_000_000_000L;

    private record Interface(int linkType, int snapLength, @Nullable String name, int resolution, long offsetSeconds) {
        long toNs(long units) {
            int exponent = resolution & 0x7f;
            long ns;
            if ((resolution & 0x80) == 0 && exponent == 9) {
                ns = units;
            } else if ((resolution & 0x80) == 0 && exponent == 6) {
                ns = units * 1000;
            } else {
                BigInteger perSecond = (resolution & 0x80) == 0 ? BigInteger.TEN.pow(exponent)
                        : BigInteger.ONE.shiftLeft(exponent);
                ns = new BigInteger(Long.toUnsignedString(units)).multiply(BigInteger.valueOf(NS_PER_S))
                        .divide(perSecond).longValue();
            }
            return ns + offsetSeconds * NS_PER_S;
        }
    }

    private final CaptureInput input;
    private final List<Interface> interfaces = new ArrayList<>();
    private boolean typeRead = true;
    private int interfaceIndex;
    private int dataAt;
    private int length;
    private int wireLength;
    private long timestampNs;
    private PacketDirection direction = PacketDirection.UNKNOWN;
    private @Nullable String comment;
    private @Nullable String optionName;
    private int optionResolution;
    private long optionOffsetSeconds;

    /** Takes over after the first four bytes. */
    PcapngReader(CaptureInput input) {
        this.input = input;
    }

    @Override
    public boolean next() throws IOException {
        length = 0;
        while (true) {
            if (!typeRead && !input.read(0, 4, "block")) {
                return false;
            }
            typeRead = false;
            int type = input.i32(0);
            int total = type == Pcap.SECTION_HEADER ? sectionHeader() : blockLength();
            input.readFully(12, total - 12, "block");
            int end = total - 4;
            switch (type) {
                case Pcap.SECTION_HEADER -> interfaces.clear();
                case Pcap.INTERFACE_DESCRIPTION -> interfaceDescription(end);
                case Pcap.ENHANCED_PACKET -> {
                    enhancedPacket(end);
                    return true;
                }
                case Pcap.OLD_PACKET -> {
                    oldPacket(end);
                    return true;
                }
                case Pcap.SIMPLE_PACKET -> {
                    simplePacket(end);
                    return true;
                }
                default -> {
                    // statistics, names, custom blocks: nothing we show
                }
            }
        }
    }

    /** Reads the two words after the type of a section header and learns the byte order; returns the block's length. */
    private int sectionHeader() throws IOException {
        input.readFully(4, 8, "section header");
        if (input.i32(8) != Pcap.BYTE_ORDER_MAGIC) {
            input.order(input.order() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        }
        if (input.i32(8) != Pcap.BYTE_ORDER_MAGIC) {
            throw new IOException("section header without byte-order magic: damaged file");
        }
        return checkLength(28);
    }

    private int blockLength() throws IOException {
        input.readFully(4, 8, "block");
        return checkLength(12);
    }

    private int checkLength(int least) throws IOException {
        int total = input.i32(4);
        if (total < least || (total & 3) != 0 || total > CaptureInput.MAX_RECORD) {
            throw new IOException("block of " + Integer.toUnsignedLong(total) + " bytes: damaged file");
        }
        return total;
    }

    private void interfaceDescription(int end) throws IOException {
        need(end, 16);
        if (interfaces.size() >= MAX_INTERFACES) {
            throw new IOException("more than " + MAX_INTERFACES + " interfaces: damaged file");
        }
        optionName = null;
        optionResolution = 6;
        optionOffsetSeconds = 0;
        options(16, end, Pcap.INTERFACE_DESCRIPTION);
        interfaces.add(new Interface(input.u16(8), input.i32(12), optionName, optionResolution, optionOffsetSeconds));
    }

    private void enhancedPacket(int end) throws IOException {
        need(end, 28);
        Interface source = useInterface(input.i32(8));
        timestampNs = source.toNs((long) input.i32(12) << 32 | input.i32(16) & 0xffff_ffffL);
        takeData(28, input.i32(20), input.i32(24), end);
        options(28 + (length + 3 & ~3), end, Pcap.ENHANCED_PACKET);
    }

    private void oldPacket(int end) throws IOException {
        need(end, 28);
        Interface source = useInterface(input.u16(8));
        timestampNs = source.toNs((long) input.i32(12) << 32 | input.i32(16) & 0xffff_ffffL);
        takeData(28, input.i32(20), input.i32(24), end);
    }

    private void simplePacket(int end) throws IOException {
        need(end, 12);
        Interface source = useInterface(0);
        timestampNs = 0;
        int wire = input.i32(8);
        int room = end - 12;
        int captured = wire < 0 || wire > room ? room : wire;
        if (source.snapLength() > 0) {
            captured = Math.min(captured, source.snapLength());
        }
        takeData(12, captured, wire, end);
    }

    private Interface useInterface(int index) throws IOException {
        if (index < 0 || index >= interfaces.size()) {
            throw new IOException(
                    "packet of interface " + Integer.toUnsignedLong(index) + ", which is not described: damaged file");
        }
        interfaceIndex = index;
        direction = PacketDirection.UNKNOWN;
        comment = null;
        return interfaces.get(index);
    }

    private void takeData(int at, int captured, int wire, int end) throws IOException {
        if (captured < 0 || captured > end - at) {
            throw new IOException("packet of " + Integer.toUnsignedLong(captured) + " bytes in a block with room for "
                    + (end - at) + ": damaged file");
        }
        dataAt = at;
        length = captured;
        wireLength = Math.max(captured, wire);
    }

    private static void need(int end, int bytes) throws IOException {
        if (end < bytes) {
            throw new IOException("block of " + (end + 4) + " bytes is too short: damaged file");
        }
    }

    private void options(int start, int end, int block) throws IOException {
        int at = start;
        while (at + 4 <= end) {
            int code = input.u16(at);
            int size = input.u16(at + 2);
            if (code == Pcap.OPTION_END) {
                return;
            }
            if (at + 4 + size > end) {
                throw new IOException("option of " + size + " bytes reaches past its block: damaged file");
            }
            option(block, code, at + 4, size);
            at += 4 + (size + 3 & ~3);
        }
    }

    private void option(int block, int code, int at, int size) {
        if (block == Pcap.ENHANCED_PACKET) {
            if (code == Pcap.OPTION_COMMENT) {
                String more = text(at, size);
                comment = comment == null ? more : comment + "\n" + more;
            } else if (code == Pcap.OPTION_EPB_FLAGS && size == 4) {
                int bits = input.i32(at) & 3;
                direction = bits < 3 ? PacketDirection.values()[bits] : PacketDirection.UNKNOWN;
            }
        } else if (code == Pcap.OPTION_IF_NAME) {
            optionName = text(at, size);
        } else if (code == Pcap.OPTION_IF_TSRESOL && size == 1) {
            optionResolution = input.u8(at);
        } else if (code == Pcap.OPTION_IF_TSOFFSET && size == 8) {
            optionOffsetSeconds = input.i64(at);
        }
    }

    private String text(int at, int size) {
        return new String(input.bytes(at, size), StandardCharsets.UTF_8);
    }

    @Override
    public MemorySegment memory() {
        return input.memory();
    }

    @Override
    public long offset() {
        return dataAt;
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
        return interfaces.get(interfaceIndex).linkType();
    }

    @Override
    public int interfaceIndex() {
        return interfaceIndex;
    }

    @Override
    public @Nullable String interfaceName() {
        return interfaces.get(interfaceIndex).name();
    }

    @Override
    public PacketDirection direction() {
        return direction;
    }

    @Override
    public @Nullable String comment() {
        return comment;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
