/**
 * The stack as seen from outside: tables, counters, events, captures and diagrams, none of which can change what they
 * show.
 */
@NullMarked
package sluice.observe;

import org.jspecify.annotations.NullMarked;
