package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sluice.cli.Main;

/**
 * Every example at the end of a command's help is run, by bash, in a network namespace of its own. Where it wants
 * something beside it (a server, a running sluice, a file) or would take too long, the script around it is in the map;
 * an entry that no help has any more is an error.
 */
class HelpExamplesTest extends CommandLines {
    private static final Pattern COMMAND = Pattern.compile("^  ([a-z0-9]+) ", Pattern.MULTILINE);
    /** A sluice to be asked. */
    private static final String BESIDE_SERVE = "sluice serve --echo > ready & "
            + "until grep -qs ready ready; do sleep 0.1; done; trap 'kill %1; wait' EXIT; ";
    private static final String KERNEL_ECHO = """
            python3 -c 'import socket, sys
            udp = len(sys.argv) > 1
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM)
            s.bind(("", 7))
            if udp:
                data, peer = s.recvfrom(9000)
                s.sendto(data, peer)
            else:
                s.listen()
                c = s.accept()[0]
                c.sendall(c.recv(9000))
                c.close()'\s""";
    /** An HTTP server of the kernel that takes files. */
    private static final String KERNEL_HTTP = """
            cat > server.py <<'END'
            import http.server
            class Handler(http.server.SimpleHTTPRequestHandler):
                def do_PUT(self):
                    data = self.rfile.read(int(self.headers["Content-Length"]))
                    open("uploaded", "wb").write(data)
                    self.send_response(201)
                    self.end_headers()
            http.server.HTTPServer(("", 8000), Handler).serve_forever()
            END
            cp files/big.iso file; python3 server.py > log 2>&1 &
            trap 'kill %1' EXIT
            until curl -s http://127.0.0.1:8000/ > /dev/null; do sleep 0.1; done
            """;
    /** Until the kernel's socket is there: "t" or "u", and its port. */
    private static final String LISTENS = "until ss -Hl%sn 'sport = :%d' | grep -q .; do sleep 0.1; done; ";
    private static final String TRACE = "sluice sim --flows 3 --rate 3mbit --netem 'delay 20ms' -n 500K --capture "
            + "trace.pcapng > log; ";

    private static final Map<String, String> AROUND = new LinkedHashMap<>();

    static {
        AROUND.put("sluice serve --http /srv/files --iperf3 &\ncurl -O http://10.99.0.2/big.iso; iperf3 -c 10.99.0.2",
                "sluice serve --http files --iperf3 > ready &\nuntil grep -qs ready ready; do sleep 0.1; done\n"
                        + "curl -O http://10.99.0.2/big.iso && iperf3 -c 10.99.0.2 -t 1 && cmp big.iso files/big.iso; "
                        + "s=$?; kill %1; wait; exit $s");
        AROUND.put("sluice exec -- java -m jdk.httpserver -b 0.0.0.0 -p 8000 &\n"
                + "curl http://10.99.0.2:8000/; sluice ss -tan",
                "sluice exec -- java -m jdk.httpserver -b 0.0.0.0 -p 8000 &\n"
                        + "until curl -s http://10.99.0.2:8000/ > /dev/null; do sleep 0.2; done\n"
                        + "curl http://10.99.0.2:8000/ && sluice ss -tan | grep LISTEN; s=$?; kill %1; wait; exit $s");
        AROUND.put("sluice demo", "sluice demo --size 8M --impaired-size 500K"); // half a minute
        AROUND.put("sluice fetch http://10.99.0.1:8000/file -o file --sha256", KERNEL_HTTP
                + "mkdir to; cd to; sluice fetch http://10.99.0.1:8000/file -o file --sha256 && cmp file ../file");
        AROUND.put("sluice fetch -T file http://10.99.0.1:8000/file",
                KERNEL_HTTP + "sluice fetch -T file http://10.99.0.1:8000/file && cmp file uploaded");
        AROUND.put("echo hello | sluice nc 10.99.0.1 7",
                KERNEL_ECHO + "& " + LISTENS.formatted("t", 7)
                        + "[ \"$(echo hello | sluice nc 10.99.0.1 7)\" = hello ]");
        AROUND.put("echo hello | sluice nc -u -w 1 10.99.0.1 7",
                KERNEL_ECHO + "udp & " + LISTENS.formatted("u", 7)
                        + "[ \"$(echo hello | sluice nc -u -w 1 10.99.0.1 7)\" = hello ]");
        AROUND.put("sluice nc -l 9000 > received",
                "sluice nc -l 9000 > received & "
                        + "until (echo hello > /dev/tcp/10.99.0.2/9000) 2> log; do sleep 0.2; done; "
                        + "wait && [ \"$(cat received)\" = hello ]");
        AROUND.put("sluice iperf3 -c 10.99.0.1 -t 5 -P 8    # the kernel's side: iperf3 -s",
                "iperf3 -s -1 > log & " + LISTENS.formatted("t", 5201) + "sluice iperf3 -c 10.99.0.1 -t 2 -P 8");
        AROUND.put("sluice iperf3 -c 10.99.0.1 -u -b 100M   # UDP: jitter and loss",
                "iperf3 -s -1 > log & " + LISTENS.formatted("t", 5201) + "sluice iperf3 -c 10.99.0.1 -u -b 100M -t 2");
        AROUND.put("sluice iperf3 -s                        # the kernel's: iperf3 -c 10.99.0.2",
                "sluice iperf3 -s > ready & until grep -qs listening ready; do sleep 0.1; done; "
                        + "iperf3 -c 10.99.0.2 -t 1; s=$?; kill %1; wait; exit $s");
        AROUND.put("sluice sim --swarm 10000        # every seed a world of its own", "sluice sim --swarm 20"); // hours
        AROUND.put("sluice netem --between a/tun0 b/tun0 \"delay 50ms 20ms loss 2%\" &\n"
                + "ip -n a addr add 10.0.0.1/24 dev tun0; ip -n b addr add 10.0.0.2/24 dev tun0", """
                        unshare -n sleep 100 & a=$!; unshare -n sleep 100 & b=$!; own=$(readlink /proc/$$/ns/net)
                        for i in $a $b; do until [ "$(readlink /proc/$i/ns/net)" != $own ]; do sleep 0.1; done; done
                        sluice netem --between $a/tun0 $b/tun0 "delay 50ms 20ms loss 2%" > ready &
                        until grep -qs ready ready; do sleep 0.1; done
                        nsenter -n -t $a ip addr add 10.0.0.1/24 dev tun0
                        nsenter -n -t $b ip addr add 10.0.0.2/24 dev tun0
                        nsenter -n -t $a ping -c 5 -i 0.2 10.0.0.2; s=$?; kill %1 %2 %3; wait; exit $s""");
        AROUND.put("sluice plot trace.pcapng --list", TRACE + "sluice plot trace.pcapng --list");
        AROUND.put("sluice plot trace.pcapng --connection 3 --from 1500ms --to 2s -o three.svg", TRACE
                + "sluice plot trace.pcapng --connection 3 --from 1500ms --to 2s -o three.svg && [ -s three.svg ]");
        AROUND.put("tcpdump -i eth0 -s 128 -w trace.pcap tcp port 443; sluice explain trace.pcap",
                TRACE + "sluice explain trace.pcapng | grep -q handshake"); // tcpdump may not be there
        AROUND.put("sluice explain trace.pcap --packet 1234",
                TRACE + "mv trace.pcapng trace.pcap; sluice explain trace.pcap --packet 1234");
        AROUND.put("sluice explain trace.pcap.gz --connection 3 --diagram", TRACE
                + "gzip -c trace.pcapng > trace.pcap.gz; sluice explain trace.pcap.gz --connection 3 --diagram");
        AROUND.put("sluice explain trace.pcapng --json | jq '.findings[0]'",
                TRACE + "sluice explain trace.pcapng --json | grep -q '\"findings\"'"); // nor jq
        AROUND.put("sluice explain trace.pcapng --html trace.html",
                TRACE + "sluice explain trace.pcapng --html trace.html && grep -q '</html>' trace.html");
        String tail = "sluice campaign " + ROOT + "/examples/campaigns/tail.yaml --scale 0.002";
        AROUND.put("sluice campaign examples/campaigns/tail.yaml --scale 0.1",
                tail + " && [ -s tail.results/results.csv ]");
        AROUND.put("sluice campaign report tail.results --html tail.html", tail
                + " > log && sluice campaign report tail.results --html tail.html && grep -q '</html>' tail.html");
        AROUND.put("sluice campaign --swarm 100000", "sluice campaign --swarm 20"); // minutes
        AROUND.put("sluice campaign my.yaml --shrink 4711", """
                printf 'seeds: 1..3\\nrate: 20mbit\\ndelay: 15ms\\nloss: 9%%\\nbytes: 200K\\n' > my.yaml
                echo 'must: retransmissions = 0' >> my.yaml
                sluice campaign my.yaml --shrink 1 | grep 'sluice sim --seed'""");
        AROUND.put("sluice diagnose --watch 5", BESIDE_SERVE + "sluice diagnose --watch 1 > log & until [ -s log ]; do "
                + "kill -0 $! || exit 1; sleep 0.2; done; kill -0 $! && kill $!"); // without end
        AROUND.put("sluice diagnose --from here.txt",
                "(ss -tuanipeom; nstat -az; sysctl net.ipv4) > here.txt; sluice diagnose --from here.txt");
        AROUND.put("sluice lab --serve               # the same with controls, for a browser",
                "sluice lab --serve > ready & until grep -qs http ready; do sleep 0.1; done; "
                        + "curl -sSf http://127.0.0.1:8890/run/handshake.json?seed=2 | grep -q '\"passed\":true'; "
                        + "s=$?; "
                        + "kill %1; wait; exit $s");
        AROUND.put("sluice man sim | man -l -", "sluice man sim | { if command -v man; then man -l -; else cat; fi; }");
        AROUND.put("sluice man > /usr/local/share/man/man1/sluice.1",
                "sluice man > sluice.1 && grep -q SLUICE sluice.1");
    }

    /** The examples of all commands; a line that ends in &, \\ or ; goes on in the next. */
    static List<String> examples() {
        List<String> all = new ArrayList<>();
        for (Matcher m = COMMAND.matcher(help("--help")); m.find();) {
            all.addAll(examplesOf(help(m.group(1), "--help")));
        }
        return all;
    }

    private static String help(String... words) {
        StringWriter out = new StringWriter();
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(out, true), words)).isZero();
        return out.toString();
    }

    private static List<String> examplesOf(String help) {
        List<String> found = new ArrayList<>();
        boolean inside = false;
        String open = "";
        for (String line : help.lines().toList()) {
            if (line.startsWith("Example")) {
                inside = true;
            } else if (line.isBlank()) {
                inside = false;
            } else if (inside) {
                assertThat(line).as("one that fits into 80 columns, so that it can be copied").startsWith("  ");
                open += line.substring(2);
                if (open.endsWith("&") || open.endsWith("\\")) {
                    open += "\n";
                } else {
                    found.add(open);
                    open = "";
                }
            }
        }
        assertThat(open).isEmpty();
        assertThat(found).as(help).isNotEmpty();
        return found;
    }

    @Test
    void everyCommandHasOneAndTheMapIsNotStale() {
        assertThat(examples()).containsAll(AROUND.keySet()).hasSizeGreaterThan(30);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("examples")
    void itDoesWhatTheHelpSays(String example) throws Exception {
        boolean asks = example.matches("sluice (ss|netstat|nstat|sysctl|metrics) .*");
        succeeds(AROUND.getOrDefault(example, (asks ? BESIDE_SERVE : "") + example));
    }
}
