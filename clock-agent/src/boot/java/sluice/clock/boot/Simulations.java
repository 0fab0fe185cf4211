package sluice.clock.boot;

/** All simulations that are open. */
final class Simulations {
    private static final Object LOCK = new Object();

    /** Replaced as a whole. */
    private static volatile Simulation[] open = new Simulation[0];

    private Simulations() {}

    static void add(Simulation s) {
        synchronized (LOCK) {
            Simulation[] old = open;
            Simulation[] more = new Simulation[old.length + 1];
            System.arraycopy(old, 0, more, 0, old.length);
            more[old.length] = s;
            open = more;
            Hooks.active = true;
        }
    }

    static void remove(Simulation s) {
        synchronized (LOCK) {
            Simulation[] old = open;
            int kept = 0;
            for (Simulation o : old) {
                if (o != s) {
                    kept++;
                }
            }
            Simulation[] rest = new Simulation[kept];
            int i = 0;
            for (Simulation o : old) {
                if (o != s) {
                    rest[i++] = o;
                }
            }
            open = rest;
            Hooks.active = kept > 0;
        }
    }

    /**
     * Members of any simulation that wait in {@code monitor}, which the caller owns, can run; whether there are any.
     */
    static boolean notified(Object monitor, boolean all) {
        boolean any = false;
        for (Simulation s : open) {
            if ((all || !any) && s.waiting.first() != null) {
                any |= s.notified(monitor, all);
            }
        }
        return any;
    }
}
