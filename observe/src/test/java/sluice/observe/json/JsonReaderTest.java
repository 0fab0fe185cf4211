package sluice.observe.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading JSON: what is right is read, all else is one kind of exception. */
class JsonReaderTest {
    @Test
    void readsEveryKindOfValue() {
        assertThat(JsonReader.read(" {\"a\": [1, -2.5e3, true, false, null, \"x\\u0041\\n\"], \"b\": {}} "))
                .isEqualTo(Map.of("a", Arrays.asList(1L, -2500.0, true, false, null, "xA\n"), "b", Map.of()));
        assertThat(JsonReader.read("123456789012345678")).isEqualTo(123456789012345678L);
        assertThat(JsonReader.read("[]")).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "{a:1}", "tru", "01", "1.", "1e", "-", "\"",
        "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "1 2",
        "[1 2]", "+1",
        "nul", "{\"a\":1"})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> JsonReader.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void limitsNesting() {
        assertThatThrownBy(() -> JsonReader.read("[".repeat(100_000))).isInstanceOf(JsonException.class)
                .hasMessageContaining("deeper");
        JsonReader.read("[".repeat(100) + "]".repeat(100));
    }

    @Test
    void changedTextsAreReadOrRefused() {
        String good = "{\"tcp\":true,\"omit\":0,\"time\":10,\"num\":0,\"streams\":[{\"id\":1,\"bytes\":1e9,\"x\":\""
                + "a\\u00e4\\\\\"}],\"n\":null}";
        SplittableRandom random = new SplittableRandom(42);
        for (int round = 0; round < 200_000; round++) {
            StringBuilder text = new StringBuilder(good);
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
                    case 1 -> text.deleteCharAt(at);
                    default -> text.insert(at, "{}[]\",:\\e.-0".charAt(random.nextInt(12)));
                }
            }
            try {
                JsonReader.read(text.toString());
            } catch (JsonException expected) {
                assertThat(expected).hasMessageStartingWith("not JSON");
            }
        }
    }

    @Test
    void membersHaveDefaults() {
        JsonObject o = JsonReader.readObject("{\"n\":7,\"t\":true,\"s\":\"x\",\"l\":[{\"id\":1},2]}");
        assertThat(o.number("n", 0)).isEqualTo(7);
        assertThat(o.number("s", 5)).isEqualTo(5);
        assertThat(o.flag("t")).isTrue();
        assertThat(o.text("n")).isNull();
        assertThat(o.objects("l")).hasSize(1);
        assertThatThrownBy(() -> JsonReader.readObject("[]")).isInstanceOf(JsonException.class);
    }
}
