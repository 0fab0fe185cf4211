package sluice.core.tcp.data;

import sluice.base.Rfc;

/** Feedback mode of a connection, in the order of Linux's tcpi_ecn_mode. */
@Rfc(value = 9768, section = "3.1.1")
public enum EcnMode {
    /** No ECN: nothing is marked, nothing fed back. */
    DISABLED,
    /** RFC 3168: one echo per round trip. */
    RFC3168,
    /** RFC 9768: counters. */
    ACCECN,
    /** Our SYN asked for accurate ECN and was not answered yet. */
    PENDING
}
