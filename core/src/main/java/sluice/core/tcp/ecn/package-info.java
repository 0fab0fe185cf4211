/**
 * Explicit congestion notification: {@link sluice.core.tcp.ecn.EcnNegotiation} decides in the handshake which feedback
 * a connection uses, {@link sluice.core.tcp.ecn.Ecn} keeps it; {@link sluice.core.tcp.ecn.ClassicEcn} is RFC 3168's one
 * echo per round trip, {@link sluice.core.tcp.ecn.AccEcnReceiver} and {@link sluice.core.tcp.ecn.AccEcnSender} are the
 * counters of RFC 9768 in the roles of data receiver and data sender.
 */
@org.jspecify.annotations.NullMarked
package sluice.core.tcp.ecn;
