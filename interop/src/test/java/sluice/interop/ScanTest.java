package sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.DatagramSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sluice.base.Counter;
import sluice.cli.service.EchoHandler;
import sluice.cli.service.StreamService;

/** nmap and nping, unmodified. */
class ScanTest {
    private static Lab lab() {
        return Lab.builder().setup(host -> StreamService.listen(host, 7, () -> EchoHandler.INSTANCE))
                .setup(host -> StreamService.listen(host, 80,
                        () -> EchoHandler.INSTANCE))
                .start();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-sS", "-sT", "-sF", "-sA"})
    void tcpScans(String kind) throws Exception {
        Machine.requireTool("nmap", "nmap");
        try (Lab lab = lab()) {
            for (String[] target : new String[][]{{"-4", Family.V4.ours}, {"-6", Family.V6.ours}}) {
                String[] command = target[0].equals("-6")
                        ? new String[]{"nmap", "-6", "-n", "-Pn", kind, "-p", "7,80,81-90", target[1]}
                        : new String[]{"nmap", "-n", "-Pn", kind, "-p", "7,80,81-90", target[1]};
                String out = lab.run(Duration.ofSeconds(30), command).out();
                if (kind.equals("-sS") || kind.equals("-sT")) {
                    assertThat(out).containsPattern("7/tcp +open").containsPattern("80/tcp +open")
                            .containsPattern("(\\d+/tcp +closed[^\n]*\n){10}");
                } else if (kind.equals("-sF")) {
                    // a FIN to a listener is dropped without answer
                    assertThat(out).containsPattern("7/tcp +open\\|filtered")
                            .containsPattern("(\\d+/tcp +closed[^\n]*\n){10}");
                } else {
                    // all answer an ACK out of the blue with RST
                    assertThat(out).containsPattern("(\\d+/tcp +unfiltered[^\n]*\n){12}");
                }
            }
            lab.assertAlive();
            lab.assertNothingLeft();
        }
    }

    @Test
    void udpScan() throws Exception {
        Machine.requireTool("nmap", "nmap");
        try (Lab lab = lab(); DatagramSocket open = lab.datagramSocket(7)) {
            String out = lab.run(Duration.ofSeconds(40), "nmap", "-n", "-Pn", "-sU", "-p", "7,9,10", Family.V4.ours)
                    .out();
            assertThat(out).containsPattern("7/udp +open\\|filtered").containsPattern("9/udp +closed")
                    .containsPattern("10/udp +closed");
            assertThat(open.isClosed()).isFalse();
            lab.assertAlive();
        }
    }

    @Test
    void osDetection() throws Exception {
        Machine.requireTool("nmap", "nmap");
        try (Lab lab = lab()) {
            Lab.Run run = lab.run(Duration.ofSeconds(60), "nmap", "-n", "-Pn", "-O", "-p", "7,80,81", "--max-os-tries",
                    "1", Family.V4.ours);
            assertThat(run.status()).as(run.out()).isZero();
            run.out().lines().filter(l -> l.matches("(Running|OS|Aggressive|Device|No exact|Too many|TCP Seq).*"))
                    .forEach(System.out::println);
            assertThat(run.out()).containsPattern("7/tcp +open");
            lab.assertAlive();
            lab.assertNothingLeft();
        }
    }

    @Test
    void oddPackets() throws Exception {
        Machine.requireTool("nping", "nmap");
        try (Lab lab = lab()) {
            long[] before = {lab.count(Counter.IpInReceives)};
            for (String options : new String[]{"--tcp -p 80 --flags SYN,FIN,RST,PSH,URG", "--tcp -p 80 --flags none",
                "--tcp -p 80 --flags SYN --badsum",
                "--tcp -p 80 --flags SYN --win 0 --data-length 600", "--tcp -p 80 --flags SYN,FIN",
                "--udp -p 7 --badsum",
                "--udp -p 7 --data-length 1400 --mtu 256",
                "--icmp --icmp-type 13", "--icmp --icmp-type 77 --icmp-code 9", "--icmp --icmp-type 3 --icmp-code 4",
                "--icmp --icmp-type 5",
                "--tcp -p 80 --flags SYN --ip-options R", "--tcp -p 80 --flags SYN --ip-options L",
                "--tcp -p 80 --badsum-ip", "--icmp --badsum-ip",
                "--tcp -p 80 --flags SYN --ttl 1", "--tcp -p 0 --flags SYN", "--udp -p 0",
                "--tcp -p 80 --flags SYN --mf", "--tcp -p 80 --source-ip 10.99.0.2",
                "--icmp --source-ip 127.0.0.1", "--icmp --source-ip 255.255.255.255"}) {
                String[] words = ("nping -q -c 3 --delay 5ms -H -N " + options + " " + Family.V4.ours).split(" ");
                lab.run(Duration.ofSeconds(15), words);
            }
            assertThat(lab.count(Counter.IpInReceives)).isGreaterThan(before[0] + 40);
            assertThat(lab.count(Counter.TcpInCsumErrors)).isGreaterThanOrEqualTo(3);
            System.out.println(lab.counters());
            lab.assertAlive();
        }
    }
}
