package sluice.bench.attack;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import sluice.wire.IpAddress;

/**
 * One attack on one server, with honest clients before, during and after: {@code AttackRun attack=NAME target=ADDRESS
 * device=NAME [mac=…] pid=N seconds=S
 * [warm=S] rate=N clients=N honest=50}. In the namespace that it comes from. Prints one line
 * of JSON.
 */
public final class AttackRun {
    private static final int ECHO = 7;
    private static final double BEFORE_SECONDS = 2;
    private static final double AFTER_SECONDS = 2;

    private final Map<String, String> options = new HashMap<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private long mostKb;
    private volatile String standingFailure = "";

    private AttackRun(String[] args) {
        for (String arg : args) {
            int equals = arg.indexOf('=');
            options.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
    }

    /** The process. */
    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("names")) {
            TreeSet<String> names = new TreeSet<>(Flood.KINDS.keySet());
            names.addAll(Crowd.MANNERS.keySet());
            System.out.println(String.join(" ", names));
            return;
        }
        System.out.println(new AttackRun(args).run());
        System.out.flush();
        Runtime.getRuntime().halt(0); // an honest client may still wait
    }

    private String text(String name) {
        String value = options.get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + "= is missing");
        }
        return value;
    }

    private int number(String name, int otherwise) {
        return Integer.parseInt(options.getOrDefault(name, Integer.toString(otherwise)));
    }

    private String run() throws Exception {
        InetSocketAddress server = new InetSocketAddress(InetAddress.getByName(text("target")), ECHO);
        double seconds = Double.parseDouble(text("seconds"));
        int honest = number("honest", 50);
        Honest.Outcome before = new Honest(server).run(BEFORE_SECONDS, honest);
        long beforeKb = memoryKb();
        long inBefore = arrived();
        mostKb = beforeKb;
        Honest.Outcome during;
        Attack attack;
        long nanos;
        long ticks;
        try (Socket standing = new Socket(server.getAddress(), ECHO)) {
            warm(standing, Double.parseDouble(options.getOrDefault("warm", "0")), new Honest(server), honest);
            inBefore = arrived();
            ticks = cpuTicks();
            attack = attack(standing, number("clients", 10_000), number("from", 10_000));
            Thread generator = Thread.ofPlatform().daemon().start(() -> generate(attack));
            long start = System.nanoTime();
            Honest client = new Honest(server);
            Thread talk = Thread.ofPlatform().daemon().start(() -> talk(standing));
            Thread end = Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos((long) (seconds * 1e9));
                over.set(true);
            });
            during = client.run(seconds, honest);
            end.join();
            generator.join();
            talk.join();
            ticks = cpuTicks() - ticks;
            nanos = Math.min(System.nanoTime() - start, (long) (seconds * 1e9));
        }
        long taken = arrived() - inBefore;
        Honest.Outcome after = new Honest(server).run(AFTER_SECONDS, honest);
        String remark = attack.remark();
        long offered = attack.offered();
        attack.close();
        return String.format(Locale.ROOT,
                "{\"attack\":\"%s\",\"offered\":%.0f,\"taken\":%.0f,\"asked\":%d,\"served\":%d,"
                        + "\"p50\":%.2f,\"p99\":%.2f,"
                        + "\"most\":%.2f,\"before\":%.2f,\"after\":%.2f,\"afterServed\":%d,\"afterAsked\":%d,"
                        + "\"cpuUs\":%.2f,\"beforeKb\":%d,\"duringKb\":%d,\"afterKb\":%d,"
                        + "\"remark\":\"%s\",\"failure\":\"%s\"}",
                text("attack"), offered * 1e9 / nanos, taken * 1e9 / nanos, during.asked(), during.served(),
                during.p50(), during.p99(), during.most(), before.p99(), after.p99(), after.served(), after.asked(),
                taken == 0 ? 0 : ticks * 10_000.0 / taken,
                beforeKb, mostKb, memoryKb(), remark,
                standingFailure + during.failure());
    }

    /** A byte to and fro five times a second, on a connection that stood before. */
    private void talk(Socket standing) {
        try {
            standing.setSoTimeout(20_000);
            while (!over.get()) {
                standing.getOutputStream().write('a');
                if (standing.getInputStream().read() != 'a') {
                    throw new IOException("end of the stream");
                }
                LockSupport.parkNanos(200_000_000L);
            }
        } catch (IOException e) {
            standingFailure = "the connection that stood before did not outlive the attack: " + e.getMessage();
        }
    }

    /** The same flood, not measured: compilers have seen what is measured then. */
    private void warm(Socket standing, double seconds, Honest honest, int perSecond) throws Exception {
        if (seconds == 0) {
            return;
        }
        try (Attack attack = attack(standing, number("clients", 10_000) / 10, number("from", 10_000) + 1)) {
            Thread generator = Thread.ofPlatform().daemon().start(() -> generate(attack));
            honest.run(seconds, perSecond);
            over.set(true);
            generator.join();
            over.set(false);
        }
    }

    private Attack attack(Socket standing, int clients, int fromPort) throws IOException {
        String name = text("attack");
        String device = text("device");
        long mac = Long.parseLong(options.getOrDefault("mac", "0").replace(":", ""), 16);
        int target = IpAddress.parse(text("target")).v4Bits();
        RawSocket out = new RawSocket(device, mac, false);
        if (Crowd.MANNERS.containsKey(name)) {
            return new Crowd(name, out, new RawSocket(device, 0, true), target,
                    new Crowd.Size(clients, number("open", 4_000), fromPort));
        }
        int client = IpAddress.parse(standing.getLocalAddress().getHostAddress()).v4Bits();
        return new Flood(name, out, new Flood.Victim(target, ECHO, client, standing.getLocalPort()), 1);
    }

    private void generate(Attack attack) {
        long rate = number("rate", 0);
        long start = System.nanoTime();
        long made = 0;
        long looked = start;
        try {
            while (!over.get()) {
                long now = System.nanoTime();
                long due = rate == 0 ? RawSocket.BATCH : Math.min(4096, (now - start) * rate / 1_000_000_000L - made);
                int n = due > 0 ? attack.step((int) due) : 0;
                made += n;
                if (n == 0) {
                    LockSupport.parkNanos(200_000);
                }
                if (now - looked > 200_000_000L) {
                    looked = now;
                    mostKb = Math.max(mostKb, memoryKb());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Packets that reached the server's IP: what a stack read from its device, or what the kernel counted. */
    private long arrived() throws IOException {
        if (options.containsKey("tun")) {
            Path counters = Path.of("/sys/class/net", text("device"), "statistics/tx_packets");
            return Long.parseLong(Files.readString(counters).strip());
        }
        long sum = 0;
        for (String file : List.of("snmp", "snmp6")) {
            for (String line : Files.readAllLines(Path.of("/proc", text("pid"), "net", file))) {
                String[] words = line.split("\\s+");
                if (words[0].equals("Ip:") && Character.isDigit(words[3].charAt(0))) {
                    sum += Long.parseLong(words[3]);
                } else if (words[0].equals("Ip6InReceives")) {
                    sum += Long.parseLong(words[1]);
                }
            }
        }
        return sum;
    }

    /** Time of processors that the server's process has had, in hundredths of a second. */
    private long cpuTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc", text("pid"), "stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(words[11]) + Long.parseLong(words[12]);
    }

    /** Resident memory of the server's process, and for the kernel's server what the machine's slabs hold. */
    private long memoryKb() {
        try {
            long kb = field(Path.of("/proc", text("pid"), "status"), "VmRSS:");
            return options.containsKey("tun") ? kb : kb + field(Path.of("/proc/meminfo"), "Slab:");
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    private static long field(Path file, String name) throws IOException {
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }
}
