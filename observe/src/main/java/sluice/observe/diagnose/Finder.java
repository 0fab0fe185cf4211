package sluice.observe.diagnose;

import java.util.List;

/** Looks for causes of one kind. No state: what it finds depends on the snapshot alone. */
interface Finder {
    /** Adds what the snapshot shows; nothing when it shows none. */
    void look(Snapshot s, List<Finding> found);
}
