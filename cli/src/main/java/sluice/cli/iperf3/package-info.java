/** iperf3's own protocol, both sides of it. */
@NullMarked
package sluice.cli.iperf3;

import org.jspecify.annotations.NullMarked;
