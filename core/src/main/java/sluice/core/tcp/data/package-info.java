/**
 * Where the bytes live: send and receive rings, the intervals received out of order, and the record of what was sent.
 */
@NullMarked
package sluice.core.tcp.data;

import org.jspecify.annotations.NullMarked;
