package sluice.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The queue of deadlines beside a sorted list. */
class DeadlinesTest {
    private static final class Item extends Deadlines.Entry {
        private final int id;

        Item(int id) {
            this.id = id;
        }

        @Override
        public String toString() {
            return "item " + id;
        }
    }

    private final Deadlines<Item> queue = new Deadlines<>();

    @Test
    void whatIsDueLeavesInOrderOfTimeAndThenOfScheduling() {
        Item a = new Item(1);
        Item b = new Item(2);
        Item c = new Item(3);
        queue.schedule(a, 20);
        queue.schedule(b, 10);
        queue.schedule(c, 20);
        queue.schedule(a, 20); // moved behind c
        assertThat(queue.nextNs()).isEqualTo(10);
        assertThat(queue.pollDue(9)).isNull();
        assertThat(queue.pollDue(20)).isSameAs(b);
        assertThat(queue.pollDue(20)).isSameAs(c);
        assertThat(queue.pollDue(20)).isSameAs(a);
        assertThat(queue.pollDue(Long.MAX_VALUE - 1)).isNull();
        assertThat(a.isQueued()).isFalse();
    }

    @Test
    void randomSchedulesMovesAndCancellationsAgreeWithASortedList() {
        Entropy random = Entropy.seeded(5, "deadlines");
        List<Item> model = new ArrayList<>();
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            items.add(new Item(i));
        }
        for (int step = 0; step < 20_000; step++) {
            Item item = items.get(random.nextInt(items.size()));
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    queue.schedule(item, random.nextInt(500) - 250L);
                    model.remove(item);
                    model.add(item); // in the order of scheduling; the sort below is stable
                }
                case 2 -> {
                    queue.cancel(item);
                    model.remove(item);
                }
                default -> {
                    model.sort(Comparator.comparingLong(Item::queuedAtNs));
                    long now = random.nextInt(500) - 250L;
                    Item due = model.isEmpty() || model.getFirst().queuedAtNs() > now ? null : model.getFirst();
                    assertThat(queue.pollDue(now)).isSameAs(due);
                    model.remove(due);
                }
            }
            assertThat(queue.size()).isEqualTo(model.size());
        }
    }
}
