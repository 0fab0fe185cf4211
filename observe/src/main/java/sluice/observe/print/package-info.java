/**
 * What prints: sockets, counters and settings in the manner of {@code ss}, {@code netstat}, {@code nstat} and {@code
 * sysctl}, as text and JSON; ladders as text.
 */
@NullMarked
package sluice.observe.print;

import org.jspecify.annotations.NullMarked;
