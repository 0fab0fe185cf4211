/**
 * Experiments as programs on sockets, so that they can be run with a Linux kernel at the other end: what the two
 * applications do, once, on the JDK's sockets; run twice, with the kernel in either part, and compared. Which kernel
 * and which stack that is belongs to whoever runs them ({@code sluice lab --against linux}).
 */
@NullMarked
package sluice.lab.against;

import org.jspecify.annotations.NullMarked;
