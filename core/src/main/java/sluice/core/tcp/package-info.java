/** RFC 9293 in its own words: the connection, its variables, its states and the table that finds it. */
@NullMarked
package sluice.core.tcp;

import org.jspecify.annotations.NullMarked;
