/** A world in virtual time: hosts, links and applications on one event heap, reproduced by a seed. */
@NullMarked
package sluice.sim;

import org.jspecify.annotations.NullMarked;
