/**
 * The messages a network answers with: errors made at a limited rate and errors obeyed, echo, and nothing trusted more
 * than its quoted packet.
 */
@NullMarked
package sluice.core.icmp;

import org.jspecify.annotations.NullMarked;
