/**
 * What is wrong with the connections of a machine, told from outside: finders look at what {@code ss} and {@code nstat}
 * print, of our stack or of Linux alike, and name causes, the likeliest first.
 */
@NullMarked
package sluice.observe.diagnose;

import org.jspecify.annotations.NullMarked;
