/** What a host decides, as qlog. Knows nothing of the other packages but {@code json}. */
@NullMarked
package sluice.observe.qlog;

import org.jspecify.annotations.NullMarked;
