/** Datagrams: ports, queues of whole messages, and the ICMP errors reported to whoever sent. */
@NullMarked
package sluice.core.udp;

import org.jspecify.annotations.NullMarked;
