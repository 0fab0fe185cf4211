package sluice.observe.qlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sluice.core.trace.TraceEvent;
import sluice.core.trace.TraceSink;
import sluice.observe.json.JsonWriter;

/**
 * Writes what a host decides as a qlog file, one record an event as it comes (JSON text sequences, RFC 7464), so that
 * what was written can be read however the process ends:
 *
 * <pre>{@code
 * try (QlogTrace qlog = new QlogTrace(Files.newOutputStream(file), "server", Instant.now())) {
 *     HostConfig.builder(new SystemEntropy()).trace(qlog) …
 * }
 * }</pre>
 *
 * <p>Format: draft-ietf-quic-qlog-main-schema, QlogFileSeq; the events of TCP are our own, described in {@code
 * docs/qlog.md}. One file has all connections of a host; the field {@code group_id} tells them apart.
 *
 * <p>A disk that fails ends the log, not the traffic: the first error is kept and told ({@link #onFailure}). What is
 * buffered is written out within a second of events. Used inside the host; {@link #close} when the host is no longer
 * used.
 */
public final class QlogTrace implements TraceSink, AutoCloseable {
    /** The schema of our events; not registered. */
    static final String SCHEMA = "https://sluice.dev/122026/qlog/tcp";

    private static final String LOGLEVEL = "urn:ietf:params:qlog:events:loglevel";
    private static final long FLUSH_EVERY_NS = 1_000_000_000;
    private static final int BUFFER = 65_536;
    private static final int RECORD_SEPARATOR = 0x1e;

    private final OutputStream out;
    private final TraceSink also;
    private long startNs = Long.MIN_VALUE;
    private long flushedNs;
    private volatile @Nullable IOException failure;
    private @Nullable Consumer<IOException> listener;

    /**
     * A log that begins now.
     *
     * @param name of the vantage point, as tools show it
     * @param began the date, for those who read; null where time is not the world's
     */
    public QlogTrace(OutputStream file, String name, @Nullable Instant began) {
        this(file, name, began, TraceSink.NONE);
    }

    /** The same, and each event goes on to {@code also} when that one wants any. */
    public QlogTrace(OutputStream file, String name, @Nullable Instant began, TraceSink also) {
        this.also = also;
        out = new BufferedOutputStream(file, BUFFER);
        write(header(name, began));
    }

    private static JsonWriter header(String name, @Nullable Instant began) {
        JsonWriter j = new JsonWriter().beginObject().field("file_schema", "urn:ietf:params:qlog:file:sequential")
                .field("serialization_format", "application/qlog+json-seq").field("title", "sluice " + name)
                .key("trace").beginObject().key("vantage_point").beginObject().field("name", name)
                .field("type", "unknown").endObject().field("event_schemas", List.of(SCHEMA, LOGLEVEL))
                .key("common_fields").beginObject().field("time_format", "relative_to_epoch").key("reference_time")
                .beginObject().field("clock_type", "monotonic").field("epoch", "unknown");
        if (began != null) {
            j.field("wall_clock_time", began.toString());
        }
        return j.endObject().endObject().endObject().endObject();
    }

    /** Has {@code told} know why the log ends early, at once when it has; on the thread inside the host. */
    public void onFailure(Consumer<IOException> told) {
        listener = told;
        IOException already = failure;
        if (already != null) {
            told.accept(already);
        }
    }

    /** Why the log ended early; null when all is well. */
    public @Nullable IOException failure() {
        return failure;
    }

    @Override
    public boolean enabled() {
        return failure == null || also.enabled();
    }

    @Override
    public void on(TraceEvent event) {
        if (also.enabled()) {
            also.on(event);
        }
        if (failure != null) {
            return;
        }
        long now = event.nowNs();
        if (startNs == Long.MIN_VALUE) {
            startNs = now;
            flushedNs = now;
        }
        write(QlogEvents.record(event, TimeUnit.NANOSECONDS.toMicros(now - startNs) / 1000.0));
        if (now - flushedNs >= FLUSH_EVERY_NS) {
            flushedNs = now;
            flush();
        }
    }

    private void write(JsonWriter record) {
        try {
            out.write(RECORD_SEPARATOR);
            out.write(record.toString().getBytes(UTF_8));
            out.write('\n');
        } catch (IOException e) {
            failed(e);
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(IOException e) {
        if (failure == null) {
            failure = e;
            if (listener != null) {
                listener.accept(e);
            }
        }
    }

    /** Writes out what is buffered and closes the file; an error is told as any other, not thrown. */
    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            failed(e);
        }
    }
}
