package sluice.clock.boot;

import org.jspecify.annotations.Nullable;

/**
 * The members of all simulations by their threads. Reading takes no lock: chains are never changed, only replaced. A
 * thread that was published by its starter is found by whoever got it from there.
 */
final class MemberTable {
    private static final class Node {
        final Thread thread;
        final Member member;
        final @Nullable Node next;

        Node(Thread thread, Member member, @Nullable Node next) {
            this.thread = thread;
            this.member = member;
            this.next = next;
        }
    }

    private static final Object LOCK = new Object();

    private static volatile @Nullable Node[] chains = new Node[256];

    private static int size;

    private MemberTable() {}

    static @Nullable Member find(Thread thread) {
        @Nullable Node[] t = chains;
        for (Node n = t[(int) thread.threadId() & t.length - 1]; n != null; n = n.next) {
            if (n.thread == thread) {
                return n.member;
            }
        }
        return null;
    }

    static void add(Member member) {
        synchronized (LOCK) {
            if (size > chains.length) {
                grow();
            }
            @Nullable Node[] t = chains;
            int i = (int) member.thread.threadId() & t.length - 1;
            t[i] = new Node(member.thread, member, t[i]);
            chains = t;
            size++;
        }
    }

    static void remove(Member member) {
        synchronized (LOCK) {
            @Nullable Node[] t = chains;
            int i = (int) member.thread.threadId() & t.length - 1;
            Node kept = null;
            for (Node n = t[i]; n != null; n = n.next) {
                if (n.member == member) {
                    size--;
                } else {
                    kept = new Node(n.thread, n.member, kept);
                }
            }
            t[i] = kept;
            chains = t;
        }
    }

    private static void grow() {
        @Nullable Node[] old = chains;
        @Nullable Node[] t = new Node[old.length * 2];
        for (Node chain : old) {
            for (Node n = chain; n != null; n = n.next) {
                int i = (int) n.thread.threadId() & t.length - 1;
                t[i] = new Node(n.thread, n.member, t[i]);
            }
        }
        chains = t;
    }
}
