package sluice.core.tcp;

import sluice.base.Counter;
import sluice.core.HostContext;
import sluice.core.IpOutput;
import sluice.core.Setting;
import sluice.core.ip.Drops;
import sluice.core.tcp.auth.Digests;
import sluice.core.tcp.congestion.AckWorkspace;
import sluice.core.tcp.data.TcpServices;
import sluice.core.tcp.fastopen.FastOpenHost;

/**
 * What the connections of one host share: tables, timers, the output list, limits and secrets. It knows no procedure;
 * {@link sluice.core.tcp.layer.TcpLayer} drives them.
 */
public final class TcpContext extends TcpServices {
    private final Drops drops;
    private final Procedures procedures;
    private final ConnectionTable table;
    private final Listeners listeners;
    private final OutputList output = new OutputList();
    private final IsnGenerator isns;
    private final SynCookies cookies;
    private final FastOpenHost fastOpen;
    private final AckWorkspace workspace = new AckWorkspace();
    private final Digests digests = new Digests();
    private final BareSegment bare = new BareSegment();
    private final ChallengeLimit challenges;
    private final Orphans orphans;
    private final TimeWaits timeWaits;

    /** TCP over {@code ip}; {@code procedures} are the floors above. */
    public TcpContext(HostContext host, IpOutput ip, Procedures procedures) {
        super(host, ip);
        drops = new Drops(host);
        this.procedures = procedures;
        table = new ConnectionTable(host.entropy());
        listeners = new Listeners(table);
        isns = new IsnGenerator(host.entropy());
        cookies = new SynCookies(host.entropy());
        fastOpen = new FastOpenHost(host);
        challenges = new ChallengeLimit(host.settings(), host.entropy());
        orphans = new Orphans(host.settings());
        timeWaits = new TimeWaits(host.settings());
    }

    /** The floors above. */
    public Procedures procedures() {
        return procedures;
    }

    /** Everything that has a peer. */
    public ConnectionTable table() {
        return table;
    }

    /** The ports in LISTEN. */
    public Listeners listeners() {
        return listeners;
    }

    /** Who may have something to send. */
    public OutputList output() {
        return output;
    }

    /** Initial sequence numbers. */
    public IsnGenerator isns() {
        return isns;
    }

    /** SYN cookies. */
    public SynCookies cookies() {
        return cookies;
    }

    /** What this host remembers for Fast Open. */
    public FastOpenHost fastOpen() {
        return fastOpen;
    }

    /** The segment that is being made of no connection. */
    public BareSegment bare() {
        return bare;
    }

    /** Hash functions for signed segments. */
    public Digests digests() {
        return digests;
    }

    /** What congestion control of all connections works with. */
    public AckWorkspace workspace() {
        return workspace;
    }

    /** The limit of challenge acknowledgments. */
    public ChallengeLimit challenges() {
        return challenges;
    }

    /** Connections without an application. */
    public Orphans orphans() {
        return orphans;
    }

    /** How many time-waits, and how long they are. */
    public TimeWaits timeWaits() {
        return timeWaits;
    }

    /** Whether there are so many connections that no new one may be made: fs.file-max. */
    public boolean isFull() {
        return host().memory().tcp().sockets() >= host().settings().get(Setting.FILE_MAX);
    }

    /** TTL or hop limit of segments without a choice of their own. */
    public int defaultHopLimit() {
        return (int) host().settings().get(Setting.IP_DEFAULT_TTL);
    }

    /** A segment ends here, and {@code reason} says why. */
    public void drop(Counter reason, long nowNs) {
        drops.drop(reason, nowNs);
    }
}
