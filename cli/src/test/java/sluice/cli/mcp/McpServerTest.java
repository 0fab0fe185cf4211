package sluice.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sluice.cli.Main;
import sluice.lab.JsonReport;
import sluice.observe.json.JsonObject;
import sluice.observe.json.JsonReader;
import sluice.observe.json.JsonWriter;

/** The server against a client that writes lines and reads answers: both ways to begin, all tools, all mistakes. */
class McpServerTest {
    private static final Map<String, Object> META = Map.of("io.modelcontextprotocol/protocolVersion", "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities", Map.of());

    @TempDir
    Path directory;

    private static String request(Object id, String method, Map<String, ?> params) {
        Map<String, Object> with = new HashMap<>(params);
        with.putIfAbsent("_meta", META);
        return plain(id, method, with);
    }

    private static String plain(Object id, String method, Map<String, ?> params) {
        return new JsonWriter().beginObject().field("jsonrpc", "2.0").field("id", id).field("method", method)
                .field("params", params).endObject().toString();
    }

    private static String call(String tool, Map<String, ?> arguments) {
        return request("c", "tools/call", Map.of("name", tool, "arguments", arguments));
    }

    /** Everything that comes back for these lines, in order; each is one JSON object of the protocol. */
    private static List<JsonObject> talk(McpServer.Commands commands, String... lines) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new McpServer(commands, "1", out)
                .serve(new ByteArrayInputStream((String.join("\n", lines) + "\n").getBytes(UTF_8)));
        List<JsonObject> answers = new ArrayList<>();
        for (String line : out.toString(UTF_8).lines().toList()) {
            JsonObject answer = JsonReader.readObject(line);
            assertThat(answer.text("jsonrpc")).as(line).isEqualTo("2.0");
            assertThat(answer.members().containsKey("result")).as(line)
                    .isNotEqualTo(answer.members().containsKey("error"));
            answers.add(answer);
        }
        return answers;
    }

    private static List<JsonObject> talk(String... lines) throws Exception {
        return talk(Main::run, lines);
    }

    private static JsonObject result(String line) throws Exception {
        List<JsonObject> answers = talk(line);
        assertThat(answers).hasSize(1);
        JsonObject result = answers.getFirst().object("result");
        assertThat(result).as(answers.toString()).isNotNull();
        return result;
    }

    /** What a tool gives: the same JSON as text and structured. */
    private static JsonObject gives(String tool, Map<String, ?> arguments) throws Exception {
        JsonObject r = result(call(tool, arguments));
        assertThat(r.text("resultType")).isEqualTo("complete");
        assertThat(r.flag("isError")).as(r.toString()).isFalse();
        String text = r.objects("content").getFirst().text("text");
        assertThat(JsonReader.read(text)).isEqualTo(r.members().get("structuredContent"));
        return r.object("structuredContent");
    }

    private static String fails(String tool, Map<String, ?> arguments) throws Exception {
        JsonObject r = result(call(tool, arguments));
        assertThat(r.flag("isError")).as(r.toString()).isTrue();
        assertThat(r.members().containsKey("structuredContent")).isFalse();
        return r.objects("content").getFirst().text("text");
    }

    private static long error(String line) throws Exception {
        List<JsonObject> answers = talk(line);
        assertThat(answers).hasSize(1);
        return answers.getFirst().object("error").number("code", 0);
    }

    // --- the protocol ---

    @Test
    void saysWhatItSpeaksAndWhoItIs() throws Exception {
        JsonObject r = result(request(1, "server/discover", Map.of()));
        assertThat(r.text("resultType")).isEqualTo("complete");
        assertThat(r.texts("supportedVersions")).containsExactly("2026-07-28");
        assertThat(r.object("capabilities").object("tools")).isNotNull();
        assertThat(r.object("_meta").object("io.modelcontextprotocol/serverInfo").text("name")).isEqualTo("sluice");
        assertThat(r.number("ttlMs", -1)).isPositive();
        assertThat(r.text("cacheScope")).isEqualTo("public");
    }

    @Test
    void describesItsToolsByJsonSchema() throws Exception {
        JsonObject r = result(request(1, "tools/list", Map.of()));
        assertThat(r.objects("tools")).extracting(t -> t.text("name")).containsExactly("explain", "diagnose",
                "lab_list", "lab_run", "sim");
        assertThat(r.number("ttlMs", -1)).isPositive();
        for (JsonObject tool : r.objects("tools")) {
            JsonObject schema = tool.object("inputSchema");
            assertThat(schema.text("type")).isEqualTo("object");
            assertThat(schema.members().get("additionalProperties")).isEqualTo(false);
            assertThat(tool.text("description")).hasSizeGreaterThan(60);
            JsonObject properties = schema.object("properties");
            if (properties != null) {
                assertThat(properties.members().keySet().stream().map(String::valueOf)).as(tool.text("name"))
                        .containsAll(schema.texts("required"))
                        .allSatisfy(p -> assertThat(properties.object(p).text("description")).isNotBlank());
            }
        }
    }

    /** Clients of 2025-11-25 and before. */
    @ParameterizedTest
    @CsvSource({"2025-11-25,2025-11-25", "2024-11-05,2024-11-05", "1999-01-01,2025-11-25", "2026-07-28,2025-11-25"})
    void olderClientsBeginWithAHandshake(String asked, String agreed) throws Exception {
        List<JsonObject> answers = talk(
                plain(0, "initialize", Map.of("protocolVersion", asked, "capabilities", Map.of(), "clientInfo",
                        Map.of("name", "test", "version", "0"))),
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", plain(1, "ping", Map.of()),
                plain(2, "tools/list", Map.of()), plain(3, "tools/call", Map.of("name", "lab_list")));
        assertThat(answers).extracting(a -> a.number("id", -1)).containsExactly(0L, 1L, 2L, 3L);
        JsonObject hello = answers.get(0).object("result");
        assertThat(hello.text("protocolVersion")).isEqualTo(agreed);
        assertThat(hello.object("serverInfo").text("name")).isEqualTo("sluice");
        assertThat(answers.get(1).object("result").members()).isEmpty();
        assertThat(answers.get(2).object("result").members().containsKey("resultType")).isFalse();
        assertThat(answers.get(3).object("result").object("structuredContent").text("schema"))
                .isEqualTo(JsonReport.SCHEMA);
    }

    @Test
    void anotherVersionIsRefusedWithTheOnesThereAre() throws Exception {
        String line = request(1, "tools/list", Map.of("_meta", Map.of("io.modelcontextprotocol/protocolVersion",
                "1900-01-01", "io.modelcontextprotocol/clientCapabilities", Map.of())));
        JsonObject e = talk(line).getFirst().object("error");
        assertThat(e.number("code", 0)).isEqualTo(-32022);
        assertThat(e.object("data").texts("supported")).containsExactly("2026-07-28");
        assertThat(e.object("data").text("requested")).isEqualTo("1900-01-01");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"nonsense|-32700", "{\"jsonrpc\":\"2.0\"|-32700", "[]|-32600", "7|-32600",
        "{}|-32600", "{\"id\":1,\"method\":\"ping\"}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"ping\"}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{}}|-32602"})
    void whatIsNoRequestIsRefused(String line, long code) throws Exception {
        assertThat(error(line)).isEqualTo(code);
    }

    @Test
    void unknownMethodsAndToolsAreRefused() throws Exception {
        assertThat(error(request(1, "resources/list", Map.of()))).isEqualTo(-32601);
        assertThat(error(request(1, "ping", Map.of()))).isEqualTo(-32601);
        assertThat(error(request(1, "tools/call", Map.of("name", "nosuch")))).isEqualTo(-32602);
        assertThat(error(request(1, "tools/call", Map.of()))).isEqualTo(-32602);
        assertThat(error(request(1, "tools/call", Map.of("name", "sim", "arguments", List.of())))).isEqualTo(-32602);
        assertThat(error(request(1, "tools/list", Map.of("cursor", "x")))).isEqualTo(-32602);
    }

    @Test
    void notificationsAndAnswersAreNotAnswered() throws Exception {
        assertThat(talk("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nosuch\"}", "", "   ",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{}}")).isEmpty();
    }

    /** It is not even kept: the process has a bound. */
    @Test
    void aLineThatIsTooLongIsPassedOver() throws Exception {
        List<JsonObject> answers = talk("\"" + "x".repeat(3 * McpServer.MOST_BYTES) + "\"",
                request(2, "server/discover", Map.of()));
        assertThat(answers).hasSize(2);
        assertThat(answers.get(0).object("error").number("code", 0)).isEqualTo(-32600);
        assertThat(answers.get(1).number("id", 0)).isEqualTo(2);
    }

    /** Whatever comes in, each line has at most one answer, and the next request is served. */
    @Test
    void damagedLinesNeverEndIt() throws Exception {
        Random random = new Random(7);
        String[] good = {request(1, "tools/list", Map.of()), call("nosuch", Map.of()),
            call("lab_run", Map.of("ids", List.of("nosuch"), "set", Map.of("a", "b"))),
            plain(1, "initialize", Map.of("protocolVersion", "2025-11-25")), call("sim", Map.of("bytes", "many"))};
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            StringBuilder s = new StringBuilder(good[random.nextInt(good.length)]);
            for (int k = random.nextInt(4); k >= 0; k--) {
                int at = random.nextInt(s.length());
                switch (random.nextInt(3)) {
                    case 0 -> s.setCharAt(at, (char) (' ' + random.nextInt(90)));
                    case 1 -> s.deleteCharAt(at);
                    default -> s.insert(at, "\"{}[]:,0\\".charAt(random.nextInt(9)));
                }
            }
            lines.add(s.toString());
        }
        lines.add(request("last", "server/discover", Map.of()));
        List<JsonObject> answers = talk((_, err, _) -> {
            err.print("no");
            return 1;
        }, lines.toArray(String[]::new));
        assertThat(answers).hasSizeBetween(1500, 3001).anyMatch(a -> "last".equals(a.text("id")));
    }

    @Test
    void aCallThatIsCancelledIsNotAnswered() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        McpServer.Commands slow = (out, _, args) -> {
            try {
                if (args[0].equals("lab")) {
                    cancelled.await(20, TimeUnit.SECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            out.print("{}");
            return 0;
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String lines = request("a", "tools/call", Map.of("name", "lab_list")) + "\n"
                + request("b", "tools/call", Map.of("name", "sim")) + "\n"
                + request("c", "tools/call", Map.of("name", "sim")) + "\n" + request("a", "tools/call",
                        Map.of("name", "sim"))
                + "\n{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"a\"}}\n"
                + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"b\"}}\n";
        ByteArrayInputStream in = new ByteArrayInputStream(lines.getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                int n = super.read(b, off, len);
                if (n < 0) {
                    cancelled.countDown(); // all lines have been read
                }
                return n;
            }
        };
        new McpServer(slow, "1", out).serve(in);
        List<String> ids = out.toString(UTF_8).lines().map(l -> JsonReader.readObject(l).text("id")).toList();
        assertThat(ids).as("the second \"a\" was refused at once, the first two were cancelled").containsExactly("a",
                "c");
    }

    @Test
    void tooManyCallsAtOnceAreToldSo() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < McpServer.MOST_WAITING + 3; i++) {
            lines.add(request(i, "tools/call", Map.of("name", "lab_list")));
        }
        lines.add(request("go", "server/discover", Map.of()));
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] b, int off, int len) {
                super.write(b, off, len);
                if (new String(b, off, len, UTF_8).contains("\"go\"")) {
                    go.countDown();
                }
            }
        };
        new McpServer((o, _, _) -> {
            try {
                go.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            o.print("{}");
            return 0;
        }, "1", out).serve(new ByteArrayInputStream(String.join("\n", lines).getBytes(UTF_8)));
        List<JsonObject> answers = out.toString(UTF_8).lines().map(JsonReader::readObject).toList();
        assertThat(answers).hasSize(lines.size());
        assertThat(answers.stream().filter(a -> a.object("result").flag("isError"))).hasSize(3);
    }

    // --- the tools ---

    @Test
    void listsAndRunsExperiments() throws Exception {
        JsonObject list = gives("lab_list", Map.of());
        assertThat(list.objects("experiments")).hasSizeGreaterThan(57).anyMatch(
                e -> "handshake".equals(e.text("id")));
        JsonObject run = gives("lab_run", Map.of("ids", List.of("handshake", "flow-200"), "seed", 3));
        assertThat(run.text("schema")).isEqualTo(JsonReport.SCHEMA);
        assertThat(run.objects("experiments")).extracting(e -> e.text("id")).containsExactly("handshake", "flow-200");
        assertThat(run.objects("experiments")).allMatch(e -> e.flag("passed") && e.number("seed", 0) == 3);
        JsonObject changed = gives("lab_run", Map.of("ids", List.of("sack"), "set", Map.of("tcp_sack", 0)));
        assertThat(changed.objects("experiments").getFirst().object("settings").text("tcp_sack")).isEqualTo("0");
    }

    @Test
    void simulatesAndExplains() throws Exception {
        JsonObject run = gives("sim", Map.of("netem", "delay 10ms loss 2%", "bytes", 300_000, "seed", 4));
        assertThat(run.members().keySet().stream().map(String::valueOf)).contains("seed");
        Path capture = directory.resolve("-x.pcapng");
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), "sim", "-n",
                "100K", "--netem", "delay 10ms", "--capture=" + capture)).isZero();
        JsonObject all = gives("explain", Map.of("file", capture.toString()));
        assertThat(all.text("schema")).isEqualTo("sluice.explain/1");
        assertThat(all.objects("connections")).isNotEmpty();
        assertThat(gives("explain", Map.of("file", capture.toString(), "connection", 1)).objects("connections"))
                .hasSize(1);
    }

    @Test
    void diagnosesWhatLinuxPrinted() throws Exception {
        Path text = Files.writeString(directory.resolve("ss.txt"), """
                Netid State      Recv-Q Send-Q Local Address:Port Peer Address:Port Process
                tcp   LISTEN     129    128    0.0.0.0:80         0.0.0.0:*
                """);
        JsonObject d = gives("diagnose", Map.of("from", List.of(text.toString())));
        assertThat(d.objects("findings")).isNotEmpty();
    }

    /** Which a program can mend by itself: what is wrong and what would be right. */
    @Test
    void wrongArgumentsAreErrorsOfTheTool() throws Exception {
        assertThat(fails("explain", Map.of())).contains("needs the argument \"file\"");
        assertThat(fails("explain", Map.of("file", "/no/such"))).contains("names no file");
        assertThat(fails("explain", Map.of("file", "@" + directory))).contains("names no file");
        assertThat(fails("explain", Map.of("file", "a\0b"))).contains("file");
        assertThat(fails("explain", Map.of("file", 7))).contains("a text");
        assertThat(fails("explain", Map.of("nosuch", 7))).contains("there is no argument \"nosuch\"").contains("file");
        assertThat(fails("lab_run", Map.of("ids", List.of("handshak")))).contains("did you mean handshake?");
        assertThat(fails("lab_run", Map.of("ids", List.of("--all")))).contains("names of experiments");
        assertThat(fails("lab_run", Map.of("ids", "sack"))).contains("a list");
        assertThat(fails("sim", Map.of("bytes", -1))).contains("a whole number from 0");
        assertThat(fails("sim", Map.of("seconds", 1e9))).contains("at most 300");
        assertThat(fails("sim", Map.of("netem", "slot"))).contains("slot");
        assertThat(fails("sim", Map.of("set", Map.of("nosuch", "1")))).contains("nosuch");
        assertThat(fails("diagnose", Map.of("control", directory.resolve("none").toString()))).isNotBlank();
        assertThat(fails("diagnose", Map.of("from", List.of("-")))).contains("names no file");
    }

    @Test
    void aResultThatIsTooLargeSaysHowToAskForLess() throws Exception {
        JsonObject r = talk((out, _, _) -> {
            out.print("\"" + "x".repeat(McpServer.MOST_RESULT) + "\"");
            return 0;
        }, call("explain", Map.of("file", "x"))).getFirst().object("result");
        assertThat(r.flag("isError")).isTrue();
        assertThat(r.objects("content").getFirst().text("text")).contains("ask for less, by connection");
    }

    @Test
    void aDefectOfACommandIsAnError() throws Exception {
        JsonObject r = talk((_, _, _) -> {
            throw new IllegalStateException("broken");
        }, call("lab_list", Map.of())).getFirst().object("result");
        assertThat(r.flag("isError")).isTrue();
        assertThat(r.objects("content").getFirst().text("text")).contains("broken");
    }

    // --- the process ---

    /** Its standard output has nothing but messages, and it ends when its input does. */
    @Test
    void asAProcess() throws IOException, InterruptedException {
        Process p = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "sluice.cli.Main", "mcp")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var to = p.outputWriter(UTF_8); var from = p.inputReader(UTF_8)) {
            to.write(request(1, "server/discover", Map.of()) + "\n");
            to.flush();
            assertThat(JsonReader.readObject(from.readLine()).number("id", 0)).isEqualTo(1);
            to.write(call("lab_run", Map.of("ids", List.of("handshake"))) + "\nnonsense\n");
            to.flush();
            List<JsonObject> two = List.of(JsonReader.readObject(from.readLine()),
                    JsonReader.readObject(from.readLine()));
            assertThat(two).anyMatch(a -> a.object("result") != null).anyMatch(a -> a.object("error") != null);
            to.close();
            assertThat(from.readLine()).isNull();
            assertThat(p.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(p.exitValue()).isZero();
        } finally {
            p.destroyForcibly();
        }
    }
}
