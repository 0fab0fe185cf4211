/** What the stack decided and why, as typed events: part of the core's contract, not logging. */
@NullMarked
package sluice.core.trace;

import org.jspecify.annotations.NullMarked;
