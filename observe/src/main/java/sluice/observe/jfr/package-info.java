/** The stack's decisions as events of the JDK's Flight Recorder. */
@NullMarked
package sluice.observe.jfr;

import org.jspecify.annotations.NullMarked;
