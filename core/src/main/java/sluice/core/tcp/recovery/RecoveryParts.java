package sluice.core.tcp.recovery;

import sluice.core.tcp.congestion.Congestion;
import sluice.core.tcp.data.StateVariables;
import sluice.core.tcp.ecn.Ecn;
import sluice.core.tcp.path.MtuProbing;
import sluice.core.trace.SenderSnapshot;

/** What loss recovery of one connection is made of; each part knows those before it. */
final class RecoveryParts {
    final StateVariables t;
    final Congestion congestion;
    final MtuProbing mtuProbing;
    final AckFlags flags = new AckFlags();
    final Reordering reordering;
    final LossMarks marks;
    final RackTlp rackTlp;
    final PathDiagnosis diagnosis;
    final DuplicateAcks duplicateAcks;
    final Undo undo;
    final Dsack dsack;
    final Episode episode;
    final Frto frto;

    /** Those of a connection without losses, whose trace shows {@code sender}. */
    RecoveryParts(StateVariables t, Congestion congestion, Ecn ecn, MtuProbing mtuProbing, SenderSnapshot sender) {
        this.t = t;
        this.congestion = congestion;
        this.mtuProbing = mtuProbing;
        reordering = new Reordering(t);
        marks = new LossMarks(t, congestion, flags);
        rackTlp = new RackTlp(t, congestion, reordering, marks);
        diagnosis = new PathDiagnosis(t);
        duplicateAcks = new DuplicateAcks(t, congestion, reordering, marks);
        undo = new Undo(t, congestion, rackTlp, sender);
        dsack = new Dsack(t, congestion, flags, rackTlp, reordering, undo);
        episode = new Episode(t, congestion, ecn, flags, rackTlp, undo, sender);
        frto = new Frto(t, episode);
    }
}
