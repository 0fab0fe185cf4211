package sluice.campaign;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import sluice.core.Settings;

/**
 * Reads a campaign's file (docs/campaign.md). Whatever the text is, the outcome is a campaign or a {@link
 * BadCampaign}.
 */
final class CampaignFile {
    /** {@code loss: [0, 1, 3]%} is short for a list whose values all have the unit. */
    private static final Pattern UNIT_OF_ALL = Pattern
            .compile("(?m)^([ \\t]*[\\w.-]+:[ \\t]*)\\[([^\\]\\n]*)\\]([a-zA-Z%]+)[ \\t]*(#.*)?$");
    private static final List<String> OTHERS = List.of("name", "seeds", "settings", "variants", "skip", "measure",
            "must", "checks");
    private static final int CHECKED_CELLS = 20_000;

    private final String file;
    private final List<Axis> axes = new ArrayList<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<Map<String, List<String>>> skips = new ArrayList<>();
    private String name;
    private Campaign.Seeds seeds = new Campaign.Seeds(1, 20);
    private List<Measure> measures = List.of(Measure.GOODPUT, Measure.COMPLETION, Measure.RETRANSMITTED);
    private final List<Must> musts = new ArrayList<>();
    private boolean checks;

    private CampaignFile(String file) {
        this.file = file;
        name = file.replaceFirst(".*/", "").replaceFirst("\\.ya?ml$", "");
    }

    static Campaign read(String file, String text) {
        return new CampaignFile(file).read(text);
    }

    private Campaign read(String text) {
        Node root;
        try {
            String full = UNIT_OF_ALL.matcher(text).replaceAll(m -> Matcher.quoteReplacement(m.group(1)
                    + "[" + String.join(", ", Arrays.stream(m.group(2).split(",", -1)).map(v -> v.strip() + m.group(3))
                            .toList())
                    + "]"));
            LoadSettings load = LoadSettings.builder().setLabel(file).build();
            root = new Composer(load, new ParserImpl(load, new StreamReader(load, full))).getSingleNode()
                    .orElse(null);
        } catch (MarkedYamlEngineException e) {
            throw new BadCampaign(file, e.getProblemMark().map(m -> m.getLine() + 1).orElse(1),
                    "this is not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new BadCampaign(file, 1, "this is not YAML: " + e.getMessage());
        }
        if (!(root instanceof MappingNode top)) {
            throw new BadCampaign(file, 1, "a campaign is keys with values: " + keys());
        }
        List<NodeTuple> skip = new ArrayList<>();
        members(top).forEach((key, tuple) -> {
            if (key.equals("skip")) {
                skip.add(tuple);
            } else {
                entry(key, tuple.getValueNode());
            }
        });
        skip.forEach(t -> skips(t.getValueNode()));
        return campaign();
    }

    private static String keys() {
        List<String> all = new ArrayList<>(OTHERS);
        Arrays.stream(Key.values()).forEach(k -> all.add(k.word()));
        return String.join(", ", all);
    }

    private static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }

    private BadCampaign bad(Node at, String what) {
        return new BadCampaign(file, line(at), what);
    }

    private Map<String, NodeTuple> members(MappingNode map) {
        Map<String, NodeTuple> members = new LinkedHashMap<>();
        for (NodeTuple t : map.getValue()) {
            String key = scalar(t.getKeyNode(), "a key");
            if (members.put(key, t) != null) {
                throw bad(t.getKeyNode(), key + ": the key is there twice");
            }
        }
        return members;
    }

    private String scalar(Node node, String key) {
        if (node instanceof ScalarNode s && !s.getValue().isBlank()) {
            return s.getValue().strip();
        }
        throw bad(node, key + " wants a value, not " + (node instanceof ScalarNode ? "nothing" : "a list or a map"));
    }

    private void entry(String key, Node value) {
        Key known = Key.find(key);
        if (known != null) {
            lines.put(key, line(value));
            axes.add(new Axis(key, values(key, value).stream().map(v -> choice(known, v, value)).toList()));
            return;
        }
        switch (key) {
            case "name" -> name = scalar(value, key);
            case "seeds" -> seeds = seeds(value);
            case "settings" -> members(map(value, key)).forEach((n, t) -> settings(n, t.getValueNode()));
            case "variants" -> variants(map(value, key));
            case "measure" -> measures = values(key, value).stream().distinct().map(v -> measure(v, value)).toList();
            case "must" -> values(key, value).forEach(v -> musts.add(parsed(key, v, value)));
            case "checks" -> {
                String word = scalar(value, key);
                if (!word.equals("true") && !word.equals("false")) {
                    throw bad(value, "checks \"" + word + "\": write true or false");
                }
                checks = word.equals("true");
            }
            default -> throw bad(value, key + ": there is no such key; there are " + keys());
        }
    }

    private Must parsed(String key, String text, Node at) {
        try {
            return Must.parse(text);
        } catch (IllegalArgumentException e) {
            throw bad(at, key + " \"" + text + "\": " + e.getMessage());
        }
    }

    private Measure measure(String word, Node at) {
        Measure m = Measure.find(word);
        if (m == null) {
            throw bad(at, "measure \"" + word + "\": there is no such measure; there are " + Measure.words());
        }
        return m;
    }

    private MappingNode map(Node node, String key) {
        if (node instanceof MappingNode m) {
            return m;
        }
        throw bad(node, key + " wants names with values below it");
    }

    /** The values of a key: one, a list, ranges among them. */
    private List<String> values(String key, Node node) {
        List<Node> nodes = node instanceof SequenceNode s ? s.getValue() : List.of(node);
        Set<String> all = new LinkedHashSet<>();
        for (Node n : nodes) {
            String text = scalar(n, key);
            try {
                all.addAll(Words.range(text));
            } catch (IllegalArgumentException e) {
                throw bad(n, key + " \"" + text + "\": " + e.getMessage());
            }
        }
        if (all.isEmpty()) {
            throw bad(node, key + " []: the list is empty; give a value at least");
        }
        return List.copyOf(all);
    }

    private Axis.Choice choice(Key key, String value, Node at) {
        String why = key.wrong(value);
        if (why != null) {
            throw bad(at, key.word() + " \"" + value + "\": " + why + " (it wants " + key.wants() + ")");
        }
        return new Axis.Choice(value, Map.of(key, value), Map.of());
    }

    private void settings(String setting, Node value) {
        lines.put(setting, line(value));
        axes.add(new Axis(setting, values(setting, value).stream().map(v -> {
            checkSetting(setting, v, value);
            return new Axis.Choice(v, Map.of(), Map.of(setting, v));
        }).toList()));
    }

    private void checkSetting(String setting, String value, Node at) {
        try {
            new Settings().set(setting, value);
        } catch (RuntimeException e) {
            throw bad(at, setting + " \"" + value + "\": " + e.getMessage());
        }
    }

    /** Named sets of settings and keys, one of which is chosen. */
    private void variants(MappingNode map) {
        List<Axis.Choice> choices = new ArrayList<>();
        members(map).forEach((label, tuple) -> {
            Map<Key, String> values = new LinkedHashMap<>();
            Map<String, String> settings = new LinkedHashMap<>();
            members(map(tuple.getValueNode(), label)).forEach((n, t) -> {
                String value = scalar(t.getValueNode(), n);
                Key key = Key.find(n);
                if (key != null) {
                    values.putAll(choice(key, value, t.getValueNode()).values());
                } else {
                    checkSetting(n, value, t.getValueNode());
                    settings.put(n, value);
                }
            });
            choices.add(new Axis.Choice(label, values, settings));
        });
        if (choices.isEmpty()) {
            throw bad(map, "variants {}: give a variant at least");
        }
        lines.put("variant", line(map));
        axes.add(new Axis("variant", choices));
    }

    private Campaign.Seeds seeds(Node node) {
        String text = scalar(node, "seeds");
        String[] ends = text.split("\\.\\.", -1);
        if (ends.length > 2 || !Arrays.stream(ends).allMatch(e -> e.strip().matches("[0-9]{1,15}"))) {
            throw bad(node, "seeds \"" + text + "\": write FIRST..LAST, such as 1..1000, or how many");
        }
        long first = ends.length == 1 ? 1 : Long.parseLong(ends[0].strip());
        long last = Long.parseLong(ends[ends.length - 1].strip());
        if (last < first) {
            throw bad(node, "seeds \"" + text + "\": the range is empty: it ends before it begins");
        }
        return new Campaign.Seeds(first, last - first + 1);
    }

    /** Combinations that are left out: each a map from axes to labels, all of which must fit. */
    private void skips(Node node) {
        List<Node> nodes = node instanceof SequenceNode s ? s.getValue() : List.of(node);
        for (Node n : nodes) {
            Map<String, List<String>> skip = new LinkedHashMap<>();
            members(map(n, "skip")).forEach((name, tuple) -> {
                Axis axis = axes.stream().filter(a -> a.name().equals(name)).findFirst()
                        .orElseThrow(() -> bad(tuple.getKeyNode(), "skip " + name + ": there is no such key above; "
                                + "there are " + String.join(", ", axes.stream().map(Axis::name).toList())));
                List<String> labels = axis.choices().stream().map(Axis.Choice::label).toList();
                List<String> values = values(name, tuple.getValueNode());
                values.stream().filter(v -> !labels.contains(v)).forEach(v -> {
                    throw bad(tuple.getValueNode(),
                            "skip " + name + " \"" + v + "\": " + name + " is never that; it is "
                                    + String.join(", ", labels));
                });
                skip.put(name, values);
            });
            skips.add(skip);
        }
    }

    private Campaign campaign() {
        BigInteger product = BigInteger.ONE;
        for (Axis a : axes) {
            product = product.multiply(BigInteger.valueOf(a.choices().size()));
        }
        BigInteger runs = product.multiply(BigInteger.valueOf(seeds.count()));
        boolean tooMany = product.compareTo(BigInteger.valueOf(Campaign.MOST_CELLS)) > 0;
        if (tooMany || runs.compareTo(BigInteger.valueOf(Campaign.MOST_RUNS)) > 0) {
            Axis largest = axes.stream().max((a, b) -> a.choices().size() - b.choices().size()).orElse(null);
            String factors = String.join(" × ", axes.stream().filter(Axis::isSwept)
                    .map(a -> a.name() + " (" + a.choices().size() + ")").toList());
            throw new BadCampaign(file, tooMany && largest != null ? lines.getOrDefault(largest.name(), 1) : 1,
                    factors + (tooMany ? " make " + product + " cells; at most " + Campaign.MOST_CELLS
                            : " × seeds (" + seeds.count() + ") make " + runs + " runs; at most " + Campaign.MOST_RUNS)
                            + ": shorten the lists");
        }
        int[] kept = IntStream.range(0, product.intValueExact()).filter(this::isKept).toArray();
        if (kept.length == 0) {
            throw new BadCampaign(file, 1, "skip leaves no cell: take something away from it");
        }
        for (int i = 0; i < Math.min(kept.length, CHECKED_CELLS); i++) {
            together(kept[i]);
        }
        return Campaign.of(name, axes, kept, seeds, new Campaign.Asked(measures, musts, checks));
    }

    private boolean isKept(int product) {
        if (skips.isEmpty()) {
            return true;
        }
        int[] places = Campaign.places(axes, product);
        return skips.stream().noneMatch(skip -> {
            for (int i = 0; i < places.length; i++) {
                List<String> labels = skip.get(axes.get(i).name());
                if (labels != null && !labels.contains(axes.get(i).choices().get(places[i]).label())) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Whether the choices of a cell go together. */
    private void together(int product) {
        Setup setup = Campaign.setup(axes, product, checks);
        try {
            setup.spec(seeds.first());
        } catch (RuntimeException e) {
            int at = lines.entrySet().stream()
                    .filter(l -> String.valueOf(e.getMessage()).contains(l.getKey())).map(Map.Entry::getValue)
                    .findFirst().orElse(1);
            throw new BadCampaign(file, at, "these do not go together: " + setup.values() + ": " + e.getMessage());
        }
    }
}
