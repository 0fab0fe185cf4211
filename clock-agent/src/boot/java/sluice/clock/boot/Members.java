package sluice.clock.boot;

/** The members of a simulation, in the order of coming. Guarded by the simulation's lock. */
final class Members {
    private Member[] all = new Member[16];
    private int count;

    int count() {
        return count;
    }

    Member get(int i) {
        return all[i];
    }

    void add(Member m) {
        if (count == all.length) {
            Member[] more = new Member[count * 2];
            System.arraycopy(all, 0, more, 0, count);
            all = more;
        }
        all[count++] = m;
    }

    /** Nothing when it is not there. */
    void remove(Member m) {
        int i = 0;
        while (i < count && all[i] != m) {
            i++;
        }
        if (i < count) {
            System.arraycopy(all, i + 1, all, i, count - i - 1);
            count--;
        }
    }
}
