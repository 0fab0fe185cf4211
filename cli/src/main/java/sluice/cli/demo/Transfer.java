package sluice.cli.demo;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sluice.cli.Quantities;
import sluice.observe.json.JsonWriter;

/**
 * One file that went through, or did not.
 *
 * @param path "clean" or "impaired"
 * @param family "IPv4" or "IPv6"
 * @param client who asked
 * @param server who was asked
 * @param upload whether the client sent the file
 * @param bytes of the file
 * @param nanos it took
 * @param problem what went wrong; null when the file arrived whole
 */
record Transfer(String path, String family, String client, String server, boolean upload, long bytes, long nanos,
        @Nullable String problem) {
    static String heading() {
        return String.format(Locale.ROOT, "%-9s %-5s %-9s %-18s %10s %9s %15s  %s", "path", "IP", "transfer",
                "client > server", "size", "time", "throughput",
                "SHA-256");
    }

    String line() {
        return String.format(Locale.ROOT, "%-9s %-5s %-9s %-18s %10s %7.2f s %15s  %s", path, family,
                upload ? "upload" : "download", client + " > " + server,
                Quantities.bytes(bytes), nanos / 1e9, Quantities.rate(bytes, nanos),
                problem == null ? "equal" : problem);
    }

    void json(JsonWriter json) {
        json.beginObject().field("path", path).field("family", family).field("client", client).field("server", server)
                .field("upload", upload)
                .field("bytes", bytes)
                .field("seconds", nanos / 1e9).field("bitsPerSecond", bytes * 8e9 / Math.max(1, nanos))
                .field("whole", problem == null);
        if (problem != null) {
            json.field("problem", problem);
        }
        json.endObject();
    }
}
