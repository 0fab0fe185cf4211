package sluice.core.tcp.recovery;

import sluice.base.Rfc;
import sluice.base.Seq;
import sluice.core.Setting;
import sluice.core.tcp.data.StateVariables;

/**
 * F-RTO: after a timeout new data goes before what is marked lost, since an acknowledgment of what was never
 * retransmitted shows that nothing was lost, only late (RFC 5682; here with what SACK and timestamps tell, as in
 * Linux).
 */
@Rfc(value = 5682, section = "3.1")
final class Frto {
    private final StateVariables t;
    private final Episode episode;
    private boolean undecided;
    private boolean newDataFirst;

    Frto(StateVariables t, Episode episode) {
        this.t = t;
        this.episode = episode;
    }

    /** The timer ran out: the oldest segment goes next, whatever was planned before (RFC 6298 section 5.4). */
    void timeout(boolean newRecovery) {
        newDataFirst = false;
        undecided = t.host.settings().get(Setting.TCP_FRTO) != 0 && (newRecovery || t.retransmits > 0);
    }

    /** The question does not arise, or arises no more. */
    void stop() {
        undecided = false;
        newDataFirst = false;
    }

    /** An acknowledgment comes in. */
    void newAcknowledgment() {
        newDataFirst = false;
    }

    /** Whether what is marked lost waits until new data was sent. */
    boolean newDataFirst() {
        return newDataFirst;
    }

    /** There was no new data that could be sent: lost segments go after all. Returns whether that changes anything. */
    boolean nothingNewToSend() {
        if (!newDataFirst || episode.sentSince()) {
            return false;
        }
        stop();
        return true;
    }

    /** Whether an acknowledgment shows that the timeout was spurious. */
    boolean showsSpurious(AckFlags f) {
        return undecided && f.originalSacked;
    }

    /** An acknowledgment that proves nothing yet; returns whether new data is to be sent now, and nothing else. */
    boolean tryNewData(AckFlags f, boolean recovered) {
        if (!undecided) {
            return false;
        }
        if (episode.sentSince()) {
            undecided = !f.sack.dataSacked && f.duplicates == 0;
        } else if (f.cumulative.unaAdvanced && !recovered) {
            episode.extend();
            newDataFirst = t.hasUnsent() && Seq.gt(t.snd.right(), t.snd.nxt);
            undecided = newDataFirst;
        }
        return newDataFirst;
    }
}
