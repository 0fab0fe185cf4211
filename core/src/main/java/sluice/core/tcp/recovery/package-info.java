/** How long a round trip takes, what counts as lost, and what is retransmitted first. */
@NullMarked
package sluice.core.tcp.recovery;

import org.jspecify.annotations.NullMarked;
