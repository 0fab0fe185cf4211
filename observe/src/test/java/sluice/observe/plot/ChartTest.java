package sluice.observe.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import sluice.observe.record.TimeSeries;

/** Nothing leaves the picture, no line its frame, and what is cut off has a mark. */
class ChartTest {
    private static final double WIDTH = 960;
    private static final double LEFT = 92;
    private static final double RIGHT = 942;
    private static final Pattern ABSOLUTE = Pattern.compile("([MHVL])(-?[\\d.]+)(?: (-?[\\d.]+))?");

    private static TimeSeries series(double... values) {
        TimeSeries s = new TimeSeries();
        for (int i = 0; i < values.length; i++) {
            s.add(i * 1_000_000_000L, values[i]);
        }
        return s;
    }

    private static Document parse(Chart chart) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())));
    }

    private static List<Element> elements(Document d, String name) {
        NodeList found = d.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            all.add((Element) found.item(i));
        }
        return all;
    }

    /** Texts by their place, with the width that a wide font gives them. */
    private static void textsAreInside(Document d) {
        for (Element t : elements(d, "text")) {
            double x = Double.parseDouble(t.getAttribute("x"));
            double wide = Letters.width(t.getTextContent()) * (t.getAttribute("class").equals("t") ? 1.29 : 1);
            double from = switch (t.getAttribute("text-anchor")) {
                case "start" -> x;
                case "end" -> x - wide;
                default -> x - wide / 2;
            };
            assertThat(from).as(t.getTextContent()).isGreaterThanOrEqualTo(0);
            assertThat(from + wide).as(t.getTextContent()).isLessThanOrEqualTo(WIDTH + 40);
        }
    }

    /** The lines of the only panel, which begins at {@code top}. */
    private static void linesAreInside(Document d, double top, double bottom) {
        for (Element p : elements(d, "path")) {
            if (!((Element) p.getParentNode()).hasAttribute("clip-path")) {
                continue;
            }
            for (Matcher m = ABSOLUTE.matcher(p.getAttribute("d")); m.find();) {
                boolean vertical = m.group(1).equals("V");
                double x = vertical ? LEFT : Double.parseDouble(m.group(2));
                String second = vertical ? m.group(2) : m.group(3);
                assertThat(x).as(p.getAttribute("d")).isBetween(LEFT - 4, RIGHT + 1);
                if (second != null) {
                    assertThat(Double.parseDouble(second)).as(p.getAttribute("d")).isBetween(top, bottom);
                }
            }
        }
    }

    @Test
    void aLimitFarAboveRunsAlongTheEdgeWithAMark() throws Exception {
        Document d = parse(new Chart("t").panel(new Panel("p", Quantity.COUNT).height(100)
                .steps("low", series(1, 2, 3, 2), Ink.BLUE).dashes("high", series(2, 500, 2, 2), Ink.GRAY)));
        linesAreInside(d, 64, 164);
        assertThat(elements(d, "title")).extracting(Element::getTextContent)
                .containsExactly("high is above the frame here");
    }

    @Test
    void aWindowOfTimeContainsWhatHeldWhenItBegan() throws Exception {
        Chart chart = new Chart("t").panel(new Panel("seq", Quantity.BYTES).height(100).floating()
                .steps("acked", series(100, 200, 900, 1000), Ink.GREEN)).window(1_500_000_000L, 2_500_000_000L);
        linesAreInside(parse(chart), 64, 164);
        assertThat(chart.panels().getFirst().least(1_500_000_000L, 2_500_000_000L)).isEqualTo(200);
    }

    @Test
    void manyNamesAndLongTitlesStayInside() throws Exception {
        Panel p = new Panel("cwnd, segments", Quantity.COUNT);
        Panel same = new Panel("goodput", Quantity.BITS_PER_SECOND);
        for (int i = 1; i <= 80; i++) {
            p.steps(i + " cubic", series(i, i + 1, i), Ink.BLUE);
            same.steps(i + " cubic", series(i, i + 1, i), Ink.BLUE);
        }
        String netem = "delay 20ms 5ms 25% distribution normal loss 2% reorder 25% 50% duplicate 1% corrupt 0.1% ";
        Document d = parse(new Chart("cubic × 40: " + netem + "/ " + netem + netem).subtitle(netem + netem).panel(p)
                .panel(same).caption(netem + netem).event("duplicated", Ink.GRAY, false, 5, "x"));
        textsAreInside(d);
        // once: the second panel has the same names
        assertThat(elements(d, "text").stream().filter(t -> t.getTextContent().equals("7 cubic"))).hasSize(1);
        assertThat(elements(d, "text")).extracting(Element::getTextContent).anyMatch(t -> t.endsWith(" more"));
    }

    @Test
    void captionsTellTimesAsTheAxisDoes() {
        Chart chart = new Chart("t").panel(new Panel("p", Quantity.COUNT).steps("a", series(1, 2), Ink.BLUE))
                .caption("note", 500_000_000L, "urgent data announced");
        assertThat(chart.svg()).contains(">500 ms note: urgent data announced<");
    }

    /** Ten steps a second of 1250 bytes are 100 kbit/s, however thin the parts of the time are. */
    @Test
    void aRateIsNotTheHeightOfSteps() {
        TimeSeries bytes = new TimeSeries();
        for (int i = 0; i <= 100; i++) {
            bytes.add(i * 100_000_000L, i * 1250.0);
        }
        assertThat(bytes.rate(0, 10_000_000_000L, 333).max()).isCloseTo(12_500,
                org.assertj.core.data.Offset.offset(1.0));
    }
}
