package sluice.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link ReadinessListener}, without a protocol. */
class ReadinessListenerTest {
    private final ReadyList ready = new ReadyList();
    private final Endpoint endpoint = new Endpoint(ready);
    private final List<String> told = new ArrayList<>();

    private static final class Endpoint extends Pollable {
        int bits;

        Endpoint(ReadyList list) {
            super(list);
        }

        @Override
        public int readiness() {
            return bits;
        }
    }

    private ReadinessListener named(String name) {
        return (same, readiness, nowNs) -> told.add(name + readiness);
    }

    /** One round, as a driver does it: what is signalled meanwhile waits for the next. */
    private List<String> round() {
        told.clear();
        Pollable p = ready.poll();
        if (p != null) {
            p.tellListeners(ReadinessListener.Caller.PLAIN, 7);
        }
        return List.copyOf(told);
    }

    @Test
    void severalAreToldInTheOrderOfAddingOnceForAllSignals() {
        for (String name : List.of("a", "b", "c")) {
            endpoint.addListener(named(name));
        }
        endpoint.bits = Pollable.READABLE;
        endpoint.signalReady();
        endpoint.signalReady();
        assertThat(told).as("nobody is told inside the signal").isEmpty();
        assertThat(round()).containsExactly("a1", "b1", "c1");
        assertThat(ready.isEmpty()).isTrue();
    }

    @Test
    void whoIsAddedToAReadyEndpointIsToldOfIt() {
        endpoint.addListener(named("early"));
        assertThat(ready.isEmpty()).as("not ready, nothing to tell").isTrue();
        endpoint.bits = Pollable.WRITABLE;
        endpoint.addListener(named("late"));
        assertThat(told).as("nobody is told inside the adding").isEmpty();
        assertThat(round()).containsExactly("early2", "late2");
        assertThat(ready.isEmpty()).as("told once").isTrue();
    }

    @Test
    void addedAgainWhileReadyItIsToldAgainButOnce() {
        ReadinessListener a = named("a");
        endpoint.bits = Pollable.READABLE;
        endpoint.addListener(a);
        assertThat(round()).containsExactly("a1");
        endpoint.addListener(a);
        assertThat(round()).containsExactly("a1");
    }

    @Test
    void eachSeesTheReadinessThatThoseBeforeItLeft() {
        endpoint.addListener((same, readiness, nowNs) -> endpoint.bits = 0);
        endpoint.addListener(named("b"));
        endpoint.bits = Pollable.READABLE;
        endpoint.signalReady();
        assertThat(round()).containsExactly("b0");
    }

    @Test
    void whoIsRemovedMeanwhileIsNotTold() {
        ReadinessListener b = named("b");
        endpoint.addListener((same, readiness, nowNs) -> endpoint.removeListener(b));
        endpoint.addListener(b);
        endpoint.addListener(named("c"));
        endpoint.signalReady();
        assertThat(round()).containsExactly("c0");
    }

    @Test
    void oneMayRemoveItselfAndTheOthersAreStillTold() {
        endpoint.addListener(new ReadinessListener() {
            @Override
            public void ready(Pollable same, int readiness, long nowNs) {
                told.add("once" + readiness);
                same.removeListener(this);
            }
        });
        endpoint.addListener(named("b"));
        endpoint.signalReady();
        assertThat(round()).containsExactly("once0", "b0");
        endpoint.signalReady();
        assertThat(round()).containsExactly("b0");
    }

    @Test
    void whoIsAddedMeanwhileIsToldInTheNextRound() {
        ReadinessListener late = named("late");
        endpoint.addListener((same, readiness, nowNs) -> endpoint.addListener(late));
        endpoint.bits = Pollable.READABLE;
        endpoint.signalReady();
        assertThat(round()).isEmpty();
        assertThat(round()).containsExactly("late1");
    }

    @Test
    void allRemovedMeanwhileNobodyElseIsTold() {
        endpoint.addListener((same, readiness, nowNs) -> endpoint.removeListeners());
        ReadinessListener b = named("b");
        endpoint.addListener(b);
        endpoint.signalReady();
        assertThat(round()).isEmpty();
        assertThat(endpoint.hasListener(b)).isFalse();
    }

    @Test
    void aSignalOutOfACallBringsAnotherCall() {
        endpoint.addListener((same, readiness, nowNs) -> {
            told.add("call");
            if (told.size() == 1) {
                same.signalReady();
            }
        });
        endpoint.signalReady();
        assertThat(round()).containsExactly("call");
        assertThat(ready.isEmpty()).isFalse();
    }

    @Test
    void whatOneThrowsGoesToTheDriversCaller() {
        endpoint.addListener((same, readiness, nowNs) -> {
            throw new UnsupportedOperationException("meant to fail");
        });
        endpoint.addListener(named("b"));
        endpoint.signalReady();
        assertThatThrownBy(this::round).hasMessage("meant to fail");
        endpoint.signalReady();
        ready.poll();
        endpoint.tellListeners((listener, same, nowNs) -> {
            try {
                listener.ready(same, 0, nowNs);
            } catch (UnsupportedOperationException e) {
                told.add("caught");
            }
        }, 0);
        assertThat(told).containsExactly("caught", "b0");
    }

    @Test
    void tellingAllocatesNothing() {
        int[] calls = new int[1];
        for (int i = 0; i < 3; i++) {
            endpoint.addListener(new ReadinessListener() {
                @Override
                public void ready(Pollable same, int readiness, long nowNs) {
                    calls[0]++;
                }
            });
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        tell(10_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        tell(10_000);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes in 10,000 rounds").isLessThan(10_000);
        assertThat(calls[0]).isEqualTo(60_000);
    }

    private void tell(int rounds) {
        for (int i = 0; i < rounds; i++) {
            endpoint.signalReady();
            Pollable p = ready.poll();
            if (p != null) {
                p.tellListeners(ReadinessListener.Caller.PLAIN, i);
            }
        }
    }
}
