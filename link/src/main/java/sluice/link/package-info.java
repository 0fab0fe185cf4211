/** Where packets come from and go to: a small polled interface, links in memory, and links that wrap links. */
@NullMarked
package sluice.link;

import org.jspecify.annotations.NullMarked;
