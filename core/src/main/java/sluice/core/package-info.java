/**
 * A host as a deterministic state machine: packets, deadlines, calls and link changes go in, packets and readiness are
 * pulled out.
 */
@NullMarked
package sluice.core;

import org.jspecify.annotations.NullMarked;
