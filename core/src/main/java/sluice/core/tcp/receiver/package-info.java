/** The receiver's side: what acknowledgments and windows say, and when (RFC 9293, 3.8.6). */
@NullMarked
package sluice.core.tcp.receiver;

import org.jspecify.annotations.NullMarked;
