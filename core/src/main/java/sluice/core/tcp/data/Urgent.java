package sluice.core.tcp.data;

import sluice.base.Rfc;

/** Urgent data of both directions. */
@Rfc(value = 9293, section = "3.8.5")
public final class Urgent {
    /** Urgent data is to be sent: SND.UP is ahead of SND.UNA. */
    public boolean toSend;
    /** Urgent data is announced and not read yet. */
    public boolean received;
    /** Position of the urgent byte in the receive stream, once known; -1 before. */
    public long position = -1;
    /** The urgent byte, once arrived and not inline: -1 none. */
    public int octet = -1;
}
