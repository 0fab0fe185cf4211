package sluice.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import sluice.observe.json.JsonException;
import sluice.observe.json.JsonReader;
import sluice.observe.json.JsonWriter;

/**
 * A server of the Model Context Protocol over a pair of streams: revision 2026-07-28, in which each request says its
 * version, and the handshake of 2025-11-25 and before for older clients. It has tools, and nothing else.
 *
 * <p>Calls of tools run one after the other on a thread of their own, so that other requests are answered meanwhile.
 * Whatever comes in, the outcome is an answer or none: the server ends only when its input does.
 */
public final class McpServer {
    /** The revision in which each request says its version. */
    static final String REVISION = "2026-07-28";
    /** Those that begin with {@code initialize}, the newest first. */
    static final List<String> OLDER = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");
    /** The longest message that is read, bytes. */
    static final int MOST_BYTES = 1 << 20;
    /** Calls that may wait. */
    static final int MOST_WAITING = 16;
    /** The longest result, characters. */
    static final int MOST_RESULT = 4_000_000;

    private static final String META = "io.modelcontextprotocol/";
    private static final int TTL_MS = 3_600_000;
    private static final long END_WAIT_S = 60;
    private static final String INSTRUCTIONS = "Sluice is a TCP/IP stack in user space. explain reads packet captures; "
            + "diagnose looks at a running stack or at what ss and nstat printed on a Linux machine; lab_list, "
            + "lab_run and sim run TCP in virtual time. Captures that lab_run writes can be given to explain.";

    /** Runs a command line. */
    @FunctionalInterface
    public interface Commands {
        /** Runs it and gives its exit status; what it prints goes to the two writers. */
        int run(PrintWriter out, PrintWriter err, String... args);
    }

    private final Commands commands;
    private final String version;
    private final OutputStream out;
    private final ExecutorService caller = Executors.newSingleThreadExecutor(
            r -> Thread.ofPlatform().daemon().name("sluice-mcp-tool").unstarted(r));
    /** Ids of calls that are not answered yet. */
    private final Set<Object> waiting = ConcurrentHashMap.newKeySet();
    private boolean initialized;

    /** A server that answers on {@code out}, which nobody else may write to. */
    public McpServer(Commands commands, String version, OutputStream out) {
        this.commands = commands;
        this.version = version;
        this.out = out;
    }

    /**
     * Reads and answers until the input ends, and the calls that came before its end are answered.
     *
     * @throws IOException when one of the two streams fails
     */
    public void serve(InputStream in) throws IOException, InterruptedException {
        MessageLines lines = new MessageLines(in, MOST_BYTES);
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (!line.isBlank() || line.equals(MessageLines.TOO_LONG)) {
                message(line);
            }
        }
        caller.shutdown();
        if (!caller.awaitTermination(END_WAIT_S, TimeUnit.SECONDS)) {
            caller.shutdownNow();
        }
    }

    private void message(String line) throws IOException {
        Object id = null;
        try {
            if (line.equals(MessageLines.TOO_LONG)) {
                throw new Refusal(Refusal.INVALID_REQUEST, "a message is longer than " + MOST_BYTES + " bytes");
            }
            if (!(parsed(line) instanceof Map<?, ?> message)) {
                throw new Refusal(Refusal.INVALID_REQUEST, "a message is one JSON object");
            }
            Object given = message.get("id");
            id = given instanceof String || given instanceof Long ? given : null;
            if (!"2.0".equals(message.get("jsonrpc")) || !(message.get("method") instanceof String method)) {
                if (message.get("method") == null && (message.containsKey("result") || message.containsKey("error"))) {
                    return; // an answer, and nothing was asked
                }
                throw new Refusal(Refusal.INVALID_REQUEST, "a request has \"jsonrpc\": \"2.0\" and a method");
            }
            if (!message.containsKey("id")) {
                notified(method, message.get("params"));
            } else if (id == null) {
                throw new Refusal(Refusal.INVALID_REQUEST, "an id is a string or a whole number");
            } else {
                request(id, method, message.get("params"));
            }
        } catch (Refusal e) {
            refuse(id, e);
        }
    }

    private static @Nullable Object parsed(String line) {
        try {
            return JsonReader.read(line);
        } catch (JsonException e) {
            throw new Refusal(Refusal.PARSE_ERROR, String.valueOf(e.getMessage()));
        }
    }

    private void notified(String method, @Nullable Object params) {
        if (method.equals("notifications/cancelled") && params instanceof Map<?, ?> p) {
            Object id = p.get("requestId");
            if (id != null) {
                waiting.remove(id);
            }
        }
    }

    private void request(Object id, String method, @Nullable Object given) throws IOException {
        if (given != null && !(given instanceof Map)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "params is an object");
        }
        Map<?, ?> params = given instanceof Map<?, ?> map ? map : Map.of();
        if (method.equals("initialize")) {
            initialized = true;
            answer(id, initialize(params), false);
            return;
        }
        boolean stateless = isStateless(params, method);
        switch (method) {
            case "tools/list" -> answer(id, tools(params, stateless), stateless);
            case "tools/call" -> call(id, params, stateless);
            case String m when m.equals(stateless ? "server/discover" : "ping") ->
                answer(id, stateless ? discover() : Map.of(), stateless);
            default -> throw new Refusal(Refusal.METHOD_NOT_FOUND, "there is no method \"" + method + "\"");
        }
    }

    /** Whether the request says its version, as those of 2026-07-28 have to; else the handshake came before it. */
    private boolean isStateless(Map<?, ?> params, String method) {
        Map<?, ?> meta = params.get("_meta") instanceof Map<?, ?> m ? m : Map.of();
        Object asked = meta.get(META + "protocolVersion");
        if (asked == null && (initialized || method.equals("ping")) && !method.equals("server/discover")) {
            return false;
        }
        if (!(asked instanceof String said)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "_meta has to have \"" + META + "protocolVersion\": \"" + REVISION
                    + "\"; older clients begin with initialize (" + String.join(", ", OLDER) + ")");
        }
        if (!said.equals(REVISION)) {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("supported", List.of(REVISION));
            data.put("requested", said);
            throw new Refusal(Refusal.UNSUPPORTED_VERSION, "Unsupported protocol version", data);
        }
        if (!(meta.get(META + "clientCapabilities") instanceof Map)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "_meta has to have \"" + META + "clientCapabilities\"");
        }
        return true;
    }

    private Map<String, Object> initialize(Map<?, ?> params) {
        Object asked = params.get("protocolVersion");
        if (!(asked instanceof String said)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "initialize has a protocolVersion");
        }
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("protocolVersion", OLDER.contains(said) ? said : OLDER.getFirst());
        r.put("capabilities", Map.of("tools", Map.of()));
        r.put("serverInfo", info());
        r.put("instructions", INSTRUCTIONS);
        return r;
    }

    private Map<String, Object> info() {
        Map<String, Object> i = new LinkedHashMap<>();
        i.put("name", "sluice");
        i.put("version", version);
        return i;
    }

    private static Map<String, Object> discover() {
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("supportedVersions", List.of(REVISION));
        r.put("capabilities", Map.of("tools", Map.of()));
        r.put("instructions", INSTRUCTIONS);
        cacheable(r);
        return r;
    }

    private static void cacheable(Map<String, Object> result) {
        result.put("ttlMs", TTL_MS);
        result.put("cacheScope", "public");
    }

    private static Map<String, Object> tools(Map<?, ?> params, boolean stateless) {
        if (params.get("cursor") != null) {
            throw new Refusal(Refusal.INVALID_PARAMS, "there is one page of tools, and no cursor");
        }
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("tools", Tools.ALL.stream().map(Tool::description).toList());
        if (stateless) {
            cacheable(r);
        }
        return r;
    }

    private void call(Object id, Map<?, ?> params, boolean stateless) throws IOException {
        Tool tool = Tools.ALL.stream().filter(t -> t.name().equals(params.get("name"))).findFirst().orElse(null);
        if (tool == null) {
            throw new Refusal(Refusal.INVALID_PARAMS, "Unknown tool: " + params.get("name"));
        }
        Object given = params.get("arguments");
        if (given != null && !(given instanceof Map)) {
            throw new Refusal(Refusal.INVALID_PARAMS, "arguments is an object");
        }
        if (waiting.size() >= MOST_WAITING) {
            answer(id, failed(MOST_WAITING + " calls are being done: try again when one is answered"), stateless);
            return;
        }
        if (!waiting.add(id)) {
            throw new Refusal(Refusal.INVALID_REQUEST, "a request with this id is not answered yet");
        }
        caller.execute(() -> {
            if (waiting.contains(id)) {
                Map<String, Object> result = result(tool, given instanceof Map<?, ?> map ? map : Map.of());
                if (waiting.remove(id)) { // else it was cancelled meanwhile
                    answerQuietly(id, result, stateless);
                }
            }
        });
    }

    private Map<String, Object> result(Tool tool, Map<?, ?> arguments) {
        StringWriter said = new StringWriter();
        StringWriter complaints = new StringWriter();
        try {
            commands.run(new PrintWriter(said), new PrintWriter(complaints), tool.commandLine(arguments));
        } catch (IllegalArgumentException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            return failed("a defect of sluice: " + e);
        }
        String text = said.toString().strip();
        if (text.length() > MOST_RESULT) {
            return failed("the result has " + text.length() + " characters, more than " + MOST_RESULT
                    + ": ask for less" + (tool.name().equals("explain") ? ", by connection" : ""));
        }
        try {
            Object value = JsonReader.read(text);
            Map<String, Object> r = new LinkedHashMap<>();
            r.put("content", List.of(textOf(text)));
            r.put("structuredContent", value);
            r.put("isError", false);
            return r;
        } catch (JsonException e) { // it failed, and said why on its standard error
            return failed((complaints + "\n" + text).strip());
        }
    }

    private static Map<String, Object> failed(String why) {
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("content", List.of(textOf(why)));
        r.put("isError", true);
        return r;
    }

    private static Map<String, Object> textOf(String text) {
        Map<String, Object> t = new LinkedHashMap<>();
        t.put("type", "text");
        t.put("text", text);
        return t;
    }

    // --- answers ---

    private void answerQuietly(Object id, Map<String, Object> result, boolean stateless) {
        try {
            answer(id, result, stateless);
        } catch (IOException e) {
            caller.shutdownNow(); // nobody reads: the input will end, too
        }
    }

    private void answer(Object id, Map<String, Object> result, boolean stateless) throws IOException {
        Map<String, Object> all = new LinkedHashMap<>();
        if (stateless) {
            all.put("resultType", "complete");
            all.put("_meta", Map.of(META + "serverInfo", info()));
        }
        all.putAll(result);
        write(new JsonWriter().beginObject().field("jsonrpc", "2.0").field("id", id).field("result", all).endObject());
    }

    private void refuse(@Nullable Object id, Refusal why) throws IOException {
        JsonWriter w = new JsonWriter().beginObject().field("jsonrpc", "2.0");
        if (id != null) {
            w.field("id", id);
        }
        w.key("error").beginObject().field("code", why.code()).field("message", why.getMessage());
        if (!why.data().isEmpty()) {
            w.field("data", why.data());
        }
        write(w.endObject().endObject());
    }

    private synchronized void write(JsonWriter message) throws IOException {
        out.write(message.toString().getBytes(UTF_8));
        out.write('\n');
        out.flush();
    }
}
