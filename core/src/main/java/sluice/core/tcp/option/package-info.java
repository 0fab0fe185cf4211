/** The options of the TCP header: how each is parsed, negotiated, written, measured and printed. */
@NullMarked
package sluice.core.tcp.option;

import org.jspecify.annotations.NullMarked;
