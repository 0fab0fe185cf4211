package sluice.sim;

/** Which packets a tap means. */
@FunctionalInterface
public interface Match {
    /** Whether this packet is meant. Called once for each packet, in order, so a match may count. */
    boolean test(PacketView packet);

    /** Every packet. */
    static Match any() {
        return p -> true;
    }

    /** Segments with a SYN and no ACK. */
    static Match syn() {
        return PacketView::isSyn;
    }

    /** Segments with SYN and ACK. */
    static Match synAck() {
        return PacketView::isSynAck;
    }

    /** Segments with a FIN. */
    static Match fin() {
        return PacketView::isFin;
    }

    /** Segments with a RST. */
    static Match rst() {
        return PacketView::isRst;
    }

    /** TCP segments that carry data. */
    static Match data() {
        return PacketView::isData;
    }

    /** Acknowledgments and nothing else. */
    static Match pureAck() {
        return PacketView::isPureAck;
    }

    /** UDP datagrams that are not fragments. */
    static Match udp() {
        return PacketView::isUdp;
    }

    /** ICMP messages: losing all of them makes a router one that says nothing. */
    static Match icmp() {
        return PacketView::isIcmp;
    }

    /** IP packets of more than {@code bytes}: losing them makes a path that swallows what is too large for it. */
    static Match largerThan(int bytes) {
        return p -> p.ipLength() > bytes;
    }

    /** IP fragments. */
    static Match fragment() {
        return PacketView::isFragment;
    }

    /** Packets that both mean. */
    default Match and(Match other) {
        return p -> test(p) && other.test(p);
    }

    /** The {@code n}-th packet that this means, counted from 1. */
    default Match nth(int n) {
        int[] seen = {0};
        return p -> test(p) && ++seen[0] == n;
    }

    /** The first {@code n} packets that this means. */
    default Match first(int n) {
        int[] seen = {0};
        return p -> test(p) && ++seen[0] <= n;
    }
}
