package sluice.observe.diagnose;

import java.util.Map;

/**
 * One socket as {@code ss -tanipeom} prints it.
 *
 * @param netid "tcp" or "udp"
 * @param state ss's word: ESTAB, CLOSE-WAIT, …
 * @param receiveQueue bytes not read; of a listener connections not accepted
 * @param sendQueue bytes not acknowledged; of a listener its backlog
 * @param local address and port
 * @param peer address and port; port "*" where there is none
 * @param process who has it: what stands in {@code owner:((…))}, else in {@code users:((…))}; "" when it is not told
 * @param timer what runs: on, keepalive, persist, timewait; "" for none
 * @param timerCount how often it has fired
 * @param numbers "rto", "cwnd", "snd_wnd" … of the second line, the first number of each
 * @param percents "rwnd_limited", "sndbuf_limited" as parts of the time busy, 0…100
 */
public record SocketFacts(String netid, String state, long receiveQueue, long sendQueue, String local, String peer,
        String process, String timer, int timerCount, Map<String, Double> numbers, Map<String, Double> percents) {
    /** A number of the second line; 0 when it is not there, as ss leaves zeros out. */
    public double number(String name) {
        return numbers.getOrDefault(name, 0.0);
    }

    /** Whether a number is there. */
    public boolean has(String name) {
        return numbers.containsKey(name);
    }

    /** Whether it is a TCP socket in this state. */
    public boolean is(String wanted) {
        return netid.equals("tcp") && state.equals(wanted);
    }

    /** Whether its data can flow: it is established, or its peer has closed only. */
    public boolean isOpen() {
        return is("ESTAB") || is("CLOSE-WAIT");
    }

    /** Port of {@link #local}. */
    public String localPort() {
        return local.substring(local.lastIndexOf(':') + 1);
    }

    /** {@link #peer} without its port. */
    public String peerAddress() {
        return peer.substring(0, Math.max(0, peer.lastIndexOf(':')));
    }

    /** "10.0.0.1:80 → 10.0.0.2:4000". */
    public String between() {
        return local + " → " + peer;
    }
}
