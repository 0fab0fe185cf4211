/** What {@code bench/attack} is made of: a generator of bad traffic, a server to attack, and what measures both. */
@NullMarked
package sluice.bench.attack;

import org.jspecify.annotations.NullMarked;
