package sluice.campaign;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The results of a campaign in its directory: {@code results.csv}, a line for each run in the order of their numbers,
 * only ever added to; {@code campaign.yaml}, the file they came from; {@code plan.txt}, how it was scaled. What is in
 * it
 * is done: who begins again goes on behind the last whole line.
 *
 * <p>One thread at a time; one process at a time, which a lock sees to.
 */
public final class ResultsFile implements Closeable {
    private static final int BLOCK = 1 << 16;

    private final FileChannel channel;
    private final FileLock lock;
    private long next;

    private ResultsFile(FileChannel channel, FileLock lock, long next) {
        this.channel = channel;
        this.lock = lock;
        this.next = next;
    }

    /** The lines of a directory. */
    public static Path csv(Path directory) {
        return directory.resolve("results.csv");
    }

    /**
     * Begins, or goes on.
     *
     * @param directory made when it is not there
     * @param source of the campaign
     * @param scale that it was scaled by
     * @throws IOException also when results of another campaign are there, or another process writes them
     */
    public static ResultsFile open(Path directory, CampaignSource source, double scale) throws IOException {
        Files.createDirectories(directory);
        Campaign campaign = source.campaign().scaled(scale);
        Path plan = directory.resolve("plan.txt");
        String says = "scale " + scale + "\n";
        Path copy = directory.resolve("campaign.yaml");
        boolean anew = !Files.exists(csv(directory));
        if (!anew && (!Files.exists(plan) || !Files.readString(plan).equals(says) || !Files.exists(copy)
                || !Files.readString(copy).equals(source.text()))) {
            throw new IOException(directory + " has results of another campaign or another --scale: give another --out,"
                    + " or remove it");
        }
        if (anew) {
            Files.writeString(copy, source.text());
            Files.writeString(plan, says);
        }
        FileChannel channel = FileChannel.open(csv(directory), StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        FileLock lock = locked(channel);
        if (lock == null) {
            channel.close();
            throw new IOException(directory + " is being written by another process");
        }
        String head = String.join(",", campaign.columns().stream().map(Csv::quoted).toList()) + "\n";
        long[] whole = whole(channel);
        channel.truncate(whole[0]);
        channel.position(whole[0]);
        ResultsFile file = new ResultsFile(channel, lock, Math.max(0, whole[1] - 1));
        if (whole[1] == 0) {
            file.write(head);
        }
        return file;
    }

    private static @Nullable FileLock locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Bytes of the whole lines, and how many these are. */
    private static long[] whole(FileChannel channel) throws IOException {
        long bytes = 0;
        long lines = 0;
        long at = 0;
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        channel.position(0);
        while (channel.read(block.clear()) > 0) {
            block.flip();
            while (block.hasRemaining()) {
                at++;
                if (block.get() == '\n') {
                    bytes = at;
                    lines++;
                }
            }
        }
        return new long[]{bytes, lines};
    }

    /** The first run that is not done. */
    public long next() {
        return next;
    }

    /** Adds lines of the next runs, each with its end. */
    public void add(String lines, long runs) throws IOException {
        write(lines);
        next += runs;
    }

    private void write(String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }

    /** The campaign that results came from, scaled as it was. */
    public static Campaign campaign(Path directory) throws IOException {
        CampaignSource source = CampaignSource.read(directory.resolve("campaign.yaml"));
        String plan = Files.readString(directory.resolve("plan.txt")).strip();
        return source.campaign().scaled(Double.parseDouble(plan.replaceFirst("^scale ", "")));
    }

    /** A line of a run, taken apart. */
    public record Row(List<String> fields) {}

    /** Reads the whole lines, in order; a torn last one is left out. */
    public static void read(Path directory, Consumer<Row> each) throws IOException {
        long whole;
        try (FileChannel channel = FileChannel.open(csv(directory))) {
            whole = whole(channel)[1];
        }
        try (BufferedReader in = Files.newBufferedReader(csv(directory))) {
            in.readLine();
            for (long i = 1; i < whole; i++) {
                String line = in.readLine();
                each.accept(new Row(Csv.fields(line == null ? "" : line)));
            }
        }
    }
}
