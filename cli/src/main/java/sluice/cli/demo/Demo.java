package sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.base.Counter;
import sluice.cli.http.ChannelConnection;
import sluice.cli.http.HttpServer;
import sluice.engine.Stack;
import sluice.observe.json.JsonWriter;
import sluice.observe.print.NstatPrinter;
import sluice.observe.print.SequenceDiagramPrinter;
import sluice.observe.print.SocketTable;
import sluice.observe.print.SsPrinter;
import sluice.observe.record.SequenceDiagram;
import sluice.wire.IpAddress;

/** What the demo does once both sides stand: pings, transfers, and what there is to see of them. */
final class Demo {
    static final IpAddress US_V4 = IpAddress.parse("10.99.0.2");
    static final IpAddress US_V6 = IpAddress.parse("fd99::2");
    static final IpAddress OTHER_V4 = IpAddress.parse("10.99.0.1");
    static final IpAddress OTHER_V6 = IpAddress.parse("fd99::1");
    private static final String BIG = "clean.bin";
    private static final String SMALL = "impaired.bin";
    private static final String HELLO = "hello.txt";

    private final Stack stack;
    private final SwitchedLink link;
    private final DemoCapture capture;
    private final Other other;
    private final DemoFiles files;
    private final Consumer<String> say;
    private final List<Transfer> transfers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private String bigSum = "";
    private String smallSum = "";

    Demo(Stack stack, SwitchedLink link, DemoCapture capture, Other other, DemoFiles files, Consumer<String> say) {
        this.stack = stack;
        this.link = link;
        this.capture = capture;
        this.other = other;
        this.files = files;
        this.say = say;
    }

    /** A file to move. */
    private record Job(boolean impaired, boolean weAsk, boolean upload, IpAddress us, IpAddress them) {
        String family() {
            return us.isV4() ? "IPv4" : "IPv6";
        }
    }

    /**
     * Runs all of it.
     *
     * @param cleanBytes size of the files on the clean path
     * @param impairedBytes size of the files on the impaired path
     * @param impairment in words
     */
    void run(long cleanBytes, long impairedBytes, long seed, String impairment)
            throws IOException, InterruptedException {
        Map<Counter, Long> before = stack.execute(host -> NstatPrinter.snapshot(host.counters()));
        Files.writeString(files.ours().resolve(HELLO), "Hello from a TCP/IP stack in Java.\n");
        bigSum = files.make(BIG, cleanBytes, seed);
        smallSum = files.make(SMALL, impairedBytes, seed + 1);
        try (HttpServer server = HttpServer.start(stack, files.ours(), 80, true)) {
            ping(US_V4);
            ping(US_V6);
            oneConnection();
            say.accept("");
            say.accept("== Files of " + cleanBytes / 1_048_576 + " MiB on a clean path, then of "
                    + impairedBytes / 1_048_576 + " MiB through \"" + impairment
                    + "\" each way");
            say.accept(Transfer.heading());
            for (Job job : jobs(false)) {
                done(move(job));
            }
            impaired();
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
        say.accept("");
        say.accept("== Counters that moved (nstat)");
        say.accept(stack.execute(host -> NstatPrinter.print(host.counters(), false, before, c -> true)).strip());
    }

    private static List<Job> jobs(boolean impaired) {
        List<Job> jobs = new ArrayList<>();
        for (boolean weAsk : new boolean[]{false, true}) {
            for (boolean v6 : new boolean[]{false, true}) {
                for (boolean upload : new boolean[]{false, true}) {
                    jobs.add(new Job(impaired, weAsk, upload, v6 ? US_V6 : US_V4, v6 ? OTHER_V6 : OTHER_V4));
                }
            }
        }
        return jobs;
    }

    private void ping(IpAddress us) throws InterruptedException {
        try {
            say.accept("ping " + us + ": " + other.ping(us));
        } catch (IOException e) {
            problems.add("ping " + us + ": " + e.getMessage());
            say.accept("ping " + us + " FAILED: " + e.getMessage());
        }
    }

    /** A small request, drawn as a ladder from SYN to the last FIN. */
    private void oneConnection() throws IOException, InterruptedException {
        SequenceDiagram diagram = new SequenceDiagram(other.client(), OTHER_V4, "sluice");
        stack.execute(host -> {
            capture.draw(diagram);
            return null;
        });
        Path got = files.got(HELLO);
        other.download(US_V4, HELLO, got);
        Thread.sleep(60); // the close needs a moment
        stack.execute(host -> {
            capture.draw(null);
            return null;
        });
        say.accept("");
        say.accept("== One connection: " + Files.size(got) + " bytes over HTTP, from the handshake to the close");
        say.accept(SequenceDiagramPrinter.print(diagram).stripTrailing());
    }

    /** All at the same time: each is slowed by its own losses, not by the others. */
    private void impaired() throws InterruptedException {
        link.setBad(true);
        try (ExecutorService threads = Executors
                .newCachedThreadPool(Thread.ofPlatform().daemon().name("demo-", 0).factory())) {
            List<Future<Transfer>> running = new ArrayList<>();
            for (Job job : jobs(true)) {
                running.add(threads.submit(() -> move(job)));
            }
            Thread.sleep(1_000);
            String table = stack.execute(
                    host -> SsPrinter.print(SocketTable.snapshot(host, stack.access().nowNs()), true, true, true, null))
                    .strip();
            for (Future<Transfer> f : running) {
                done(f.get());
            }
            say.accept("");
            say.accept("== The connection table one second into the impaired transfers (ss -tanoi)");
            say.accept(table);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            link.setBad(false);
        }
    }

    private void done(Transfer t) {
        transfers.add(t);
        say.accept(t.line());
    }

    private Transfer move(Job job) throws InterruptedException {
        String file = job.impaired ? SMALL : BIG;
        String name = (job.weAsk ? "s" : "k") + job.family() + file;
        Path result = job.upload ? (job.weAsk ? files.others() : files.ours()).resolve(name) : files.got(name);
        String problem = null;
        long bytes = 0;
        long start = System.nanoTime();
        long took;
        try {
            bytes = Files.size(files.ours().resolve(file));
            if (job.weAsk) {
                ask(job, file, name, result);
            } else if (job.upload) {
                other.upload(job.us, name, files.others().resolve(file));
            } else {
                other.download(job.us, file, result);
            }
            took = System.nanoTime() - start;
            if (!DemoFiles.sha256(result).equals(job.impaired ? smallSum : bigSum)) {
                problem = "DIFFERENT";
            }
            Files.deleteIfExists(result);
        } catch (IOException | RuntimeException e) {
            took = System.nanoTime() - start;
            problem = "FAILED: " + e.getMessage();
        }
        return new Transfer(job.impaired ? "impaired" : "clean", job.family(), job.weAsk ? "sluice" : other.client(),
                job.weAsk ? other.server() : "sluice",
                job.upload, bytes, took, problem);
    }

    private void ask(Job job, String file, String name, Path result) throws IOException {
        try (ChannelConnection connection = ChannelConnection.open(stack, job.them, Other.SERVER_PORT)) {
            String host = Http.authority(job.them, Other.SERVER_PORT);
            if (job.upload) {
                Http.upload(connection, host, name, files.ours().resolve(file));
            } else {
                Http.download(connection, host, file, result);
            }
        }
    }

    /** Whether everything arrived whole. */
    boolean isWhole() {
        return problems.isEmpty() && transfers.size() == 2 * jobs(true).size()
                && transfers.stream().allMatch(t -> t.problem() == null);
    }

    /** The summary for programs. */
    String json(String mode, @Nullable String why, Path pcapng, double seconds) {
        JsonWriter json = new JsonWriter().beginObject().field("whole", isWhole()).field("mode", mode);
        if (why != null) {
            json.field("why", why);
        }
        json.field("seconds", seconds).field("pcapng", pcapng.toString()).field("problems", problems).key("transfers")
                .beginArray();
        transfers.forEach(t -> t.json(json));
        return json.endArray().endObject().toString();
    }
}
