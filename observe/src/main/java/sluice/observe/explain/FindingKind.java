package sluice.observe.explain;

import java.util.Locale;

/** What findings there are. Of findings that are equally bad the one that stands first here is told first. */
public enum FindingKind {
    /** A SYN was answered by a reset. */
    REFUSED("connection refused", "Is the service running, on this address and port? A firewall may reset too."),
    /** SYNs were never answered. */
    NO_ANSWER("no answer to the SYN", "Is the host up, is there a route back, does a firewall drop the port?"),
    /** Packets above a size vanish. */
    MTU_BLACK_HOLE("MTU black hole", "Let ICMP \"fragmentation needed\" and \"packet too big\" through, clamp the MSS "
            + "on the router (TCPMSS --clamp-mss-to-pmtu), or set tcp_mtu_probing=1 at the sender."),
    /** One end fell silent and the other gave up, or was about to. */
    DEAD_PEER("peer fell silent", "Was the host down, its cable or route cut, its state lost in a firewall or NAT? "
            + "TCP_USER_TIMEOUT makes a sender give up earlier."),
    /** A reset ended the connection. */
    RESET("connection reset", "Look at the program at the end that sent the reset, at this moment."),
    /** An ICMP error came. */
    UNREACHABLE("ICMP unreachable", "Ask the router that sent it: routes and filters."),
    /** SYNs or their answers were lost. */
    SYN_LOST("SYN lost", "A first timeout is a second: look for loss on the path, full SYN and accept queues "
            + "(ListenOverflows, ListenDrops, somaxconn) and SYN filters."),
    /** The receiving application did not read for a while. */
    ZERO_WINDOW("zero window", "The program that receives did not read: look what it was doing then (a stack trace, "
            + "garbage collection, a disk, a lock); a larger SO_RCVBUF only hides short pauses."),
    /** The receiving application reads more slowly than data comes. */
    RECEIVER_SLOW("receiver slow", "The program that receives reads too slowly: profile it; neither the network nor "
            + "the sender can help."),
    /** The window is smaller than bandwidth × delay. */
    SMALL_WINDOW("receive window small for the path", "Raise tcp_rmem (or do not set SO_RCVBUF, which ends "
            + "autotuning) at the receiver; without window scaling 64 KB are the most."),
    /** Small segments wait for acknowledgments that are delayed. */
    NAGLE("Nagle against delayed ACKs", "Set TCP_NODELAY at the sender, or better: write a message in one call "
            + "(writev, a buffer, TCP_CORK)."),
    /** The network changed the order of packets. */
    REORDERING("packets reordered", "Look for paths of unequal length (ECMP by packet, bonding, several queues); "
            + "a receiver with SACK and a sender with RACK take little harm."),
    /** The network doubled packets. */
    DUPLICATED("packets doubled by the network", "Look for a switching loop, a mirror port that feeds back, a bond "
            + "that sends by all links; or the capture saw each packet twice."),
    /** Segments were lost. */
    LOSS("packets lost", "Look for drops on that side: full queues (rates that step down, policers), a bad cable "
            + "or radio, drops by counters of the interfaces."),
    /** Retransmissions that were not needed. */
    SPURIOUS("needless retransmissions", "Acknowledgments were late or lost, not data: look at the way back and at "
            + "sudden delay (bufferbloat, radio); F-RTO and D-SACK repair the window."),
    /** One end closed and the other did not for long. */
    NEVER_CLOSED("one end never closed", "The program at that end holds a socket its peer has closed (CLOSE-WAIT): "
            + "it has to close it."),
    /** The sender had nothing to send. */
    SENDER_LIMITED("sending application slow", "The network waited for the program that sends: look there (disk, "
            + "database, computing, writes that are too small)."),
    /** Router said that packets are too large. */
    MTU_REDUCED("path MTU reduced", "Path MTU discovery works; nothing to do."),
    /** An option that helps was not agreed. */
    OPTION_MISSING("option missing", "Switch it on at the end that does not offer it, or find the middlebox that "
            + "takes it off."),
    /** Packets are missing from the capture. */
    CAPTURE_GAPS("capture incomplete", "The capturing machine dropped packets: a larger buffer (tcpdump -B), a "
            + "shorter snaplen, a filter. What is said of losses here may be wrong."),
    /** Only one direction was captured. */
    ONE_WAY("one direction only", "Capture where both directions pass: routing is asymmetric, or a filter is too "
            + "narrow."),
    /** Files that end early, packets that are cut off. */
    FILE_DAMAGED("capture file damaged", "What was read before the damage is explained.");

    private final String title;
    private final String advice;

    FindingKind(String title, String advice) {
        this.title = title;
        this.advice = advice;
    }

    /** In a few words. */
    public String title() {
        return title;
    }

    /** What may be done. */
    public String advice() {
        return advice;
    }

    /** Its name in JSON and documents: "mtu-black-hole". */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
