/**
 * Captures read into connections: what a file of packets tells of those who sent them.
 */
@NullMarked
package sluice.observe.capture;

import org.jspecify.annotations.NullMarked;
