package sluice.core.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static sluice.core.TestPackets.data;
import static sluice.core.TestPackets.ethernet;
import static sluice.core.TestPackets.hex;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sluice.core.Conversation;
import sluice.core.Setting;
import sluice.core.Settings;
import sluice.core.udp.UdpSocket;
import sluice.wire.IpAddress;

/** A flood of strangers on an Ethernet: the table stays as long as it may be, and whom we talk to stays in it. */
class NeighbourFloodTest {
    private static final long US = 0x0200_0000_0002L;
    private static final long PEER = 0x0200_0000_0001L;
    private static final int STRANGERS = 5000;
    private static final int MOST = (int) Setting.NEIGH_GC_THRESH3.defaultValue(0);

    private Conversation c;
    private UdpSocket talk;

    @BeforeEach
    void talkToAPeer() {
        c = Conversation.onEthernet(new Settings());
        c.host.addAddress(1, IpAddress.parse("10.0.0.2"), 8);
        c.after(20_000);
        c.drain();
        talk = c.host.udp().open();
        send(talk, IpAddress.parse("10.0.0.1"));
        c.receives(arp(2, "0a000001"));
        assertThat(c.drain()).hasSize(1);
    }

    private void send(UdpSocket s, IpAddress to) {
        s.send(Conversation.nativeCopy(data(4)), 0, 4, to, 7, c.now());
        c.drain();
    }

    private static byte[] arp(int operation, String sender) {
        return ethernet(operation == 1 ? 0xffff_ffff_ffffL : US, PEER, 0x0806,
                hex("0001080006040" + "00" + operation + "020000000001" + sender + "000000000000" + "0a000002"));
    }

    private boolean known(String address) {
        IpAddress a = IpAddress.parse(address);
        Neighbour n = c.host.ip().neighbours().cache().find(c.host.interfaces().get(1), a.high(), a.low());
        return n != null && n.state() != NeighbourState.INCOMPLETE;
    }

    private int size() {
        return c.host.ip().neighbours().cache().all().size();
    }

    @Test
    void requestsFromStrangersDoNotDriveOutWhomWeTalkTo() {
        for (int i = 0; i < STRANGERS; i++) {
            c.receives(arp(1, String.format("0a01%04x", i)));
            c.drain();
        }
        assertThat(size()).isEqualTo(MOST);
        assertThat(known("10.0.0.1")).isTrue();
    }

    @Test
    void packetsForTheSilentDoNotDriveOutWhomWeTalkTo() {
        for (int i = 0; i < STRANGERS; i++) {
            send(talk, IpAddress.ofV4(0x0a020000 + i));
        }
        assertThat(size()).as("half of the table, and the peer").isEqualTo(MOST / 2 + 1);
        assertThat(known("10.0.0.1")).isTrue();
    }

    /** A table full of neighbours that we talk to: the one unused longest gives way, as ever. */
    @Test
    void ofThoseWeTalkToTheOneUnusedLongestGivesWay() {
        for (int i = 0; i < MOST; i++) {
            String address = String.format("0a03%04x", i);
            send(talk, IpAddress.ofV4(Integer.parseInt(address, 16)));
            c.receives(arp(2, address));
            c.drain();
            if (i == MOST / 2) {
                send(talk, IpAddress.parse("10.3.0.0"));
            }
        }
        assertThat(size()).isEqualTo(MOST);
        assertThat(known("10.0.0.1")).as("the oldest").isFalse();
        assertThat(known("10.3.0.0")).as("used again").isTrue();
        send(talk, IpAddress.parse("10.4.0.0"));
        assertThat(known("10.3.0.1")).isFalse();
        assertThat(known("10.3.0.0")).isTrue();
    }
}
