package sluice.cli.mcp;

import java.util.List;
import sluice.cli.mcp.Parameter.Kind;
import sluice.lab.JsonReport;

/** What there is to call; each is a command with its {@code --json}, and its results are that JSON. */
final class Tools {
    private static final Parameter SEED = Parameter.number("seed", Kind.WHOLE, "--seed",
            "Everything random comes from it; the same seed gives the same run. Default 1.", Integer.MAX_VALUE);
    private static final Parameter NETEM = Parameter.text("netem", "--netem",
            "What happens to packets, both ways, in tc netem's words: \"delay 20ms 5ms loss 2% reorder 25%\".");
    private static final Parameter SET = Parameter.of("set", Kind.SETTINGS, "--set",
            "Linux's sysctls for the hosts: {\"tcp_sack\": \"0\"}.");

    /** All, in the order in which they are shown. */
    static final List<Tool> ALL = List.of(
            new Tool("explain", "Explain a packet capture",
                    "What went wrong with the TCP connections of a pcap or pcapng file: health report, findings with "
                            + "cause, cost, advice and packet numbers, and each connection's handshake, round trips, "
                            + "retransmissions by cause, windows, where the time went and how it ended. Result: "
                            + "schema sluice.explain/1 (docs/explain.md).",
                    List.of("explain", "--json"), false,
                    List.of(Parameter.number("connection", Kind.WHOLE, "--connection",
                            "This connection only, counted from 1; for large captures.", Integer.MAX_VALUE),
                            Parameter.of("file", Kind.PATH, "", "The capture, also packed by gzip.").needed())),
            new Tool("diagnose", "Diagnose a running stack or a Linux machine",
                    "What is wrong with the connections of a running sluice process, or of a Linux machine whose "
                            + "'ss -tuanipeom; nstat -az; sysctl net.ipv4' was written to a file: unclosed sockets, "
                            + "full queues, who does not read, losses, small buffers, ports that run out. Likeliest "
                            + "cause first, each with evidence and what to look at.",
                    List.of("diagnose", "--json"), false,
                    List.of(Parameter.of("from", Kind.PATHS, "--from", "Files with what ss, nstat and sysctl printed; "
                            + "without them the running sluice is asked."),
                            Parameter.number("pid", Kind.WHOLE, "--pid",
                                    "The sluice process to ask; needed when several run.", Integer.MAX_VALUE),
                            Parameter.of("control", Kind.PATH, "--control", "Its control socket instead."))),
            new Tool("lab_list", "List the experiments on TCP",
                    "Names, titles and what each shows, of experiments on TCP in virtual time: handshake, closing, "
                            + "TIME-WAIT, keepalive, retransmission, windows, congestion control.",
                    List.of("lab", "--json"), false, List.of()),
            new Tool("lab_run", "Run experiments on TCP",
                    "Runs experiments on a real TCP stack in virtual time, and gives what was asserted (document and "
                            + "measured), the packets as a ladder with the states of both ends, windows, counters, and "
                            + "the paths of captures, which explain takes. Result: schema " + JsonReport.SCHEMA + ".",
                    List.of("lab", "--json"), true,
                    List.of(SEED, NETEM, SET,
                            Parameter.of("ids", Kind.NAMES, "", "Experiments, as lab_list names them.").needed())),
            new Tool("sim", "Simulate a TCP transfer",
                    "Sends data over a simulated network in virtual time and says what happened: goodput, "
                            + "retransmissions by cause, round trips, queue, for each connection.",
                    List.of("sim", "--json"), false,
                    List.of(SEED, NETEM, SET,
                            Parameter.text("rate", "--rate", "Speed of the bottleneck: 10mbit, 1gbit."),
                            Parameter.text("queue", "--queue", "The queue before it: pfifo limit 100, bfifo limit "
                                    + "125000, codel ecn, mark 20. Default pfifo limit 100."),
                            Parameter.text("algorithm", "--algorithm",
                                    "Congestion controls of the connections, by commas: cubic, reno, bbr, dctcp."),
                            Parameter.number("flows", Kind.WHOLE, "--flows", "Connections side by side.", 16),
                            Parameter.text("topology", "--topology", "direct, routed or dumbbell."),
                            Parameter.number("bytes", Kind.WHOLE, "--bytes",
                                    "How much each connection sends. Default 10 MiB.", 1L << 30),
                            Parameter.number("seconds", Kind.NUMBER, "--duration",
                                    "Send for so much virtual time instead; needs a rate or a delay.", 300))));

    private Tools() {}
}
