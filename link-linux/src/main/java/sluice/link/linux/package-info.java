/**
 * The Linux kernel as a link: TUN and TAP devices, ppoll, eventfd and timerfd, reached through the foreign-function API
 * and nowhere else.
 */
@NullMarked
package sluice.link.linux;

import org.jspecify.annotations.NullMarked;
