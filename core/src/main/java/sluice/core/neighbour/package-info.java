/**
 * From an address of the next hop to an address of the link: ARP, neighbour discovery and the packets that wait for the
 * answer.
 */
@NullMarked
package sluice.core.neighbour;

import org.jspecify.annotations.NullMarked;
