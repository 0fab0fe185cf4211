package sluice.core.udp;

import sluice.base.Errno;
import sluice.base.Rfc;
import sluice.wire.IpAddress;

/**
 * An ICMP error about a datagram of ours, as IP_RECVERR reports it.
 *
 * @param errno what it means
 * @param destination whom the datagram was for
 * @param port the port it was for
 * @param icmpType type as received
 * @param icmpCode code as received
 * @param mtu for EMSGSIZE the MTU reported, bytes; else 0
 */
@Rfc(value = 1122, section = "4.1.3.3")
public record UdpError(Errno errno, IpAddress destination, int port, int icmpType, int icmpCode, int mtu) {}
