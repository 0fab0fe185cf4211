/**
 * Assertions on networks, hosts and faults for those who use AssertJ: {@link sluice.virtual.assertj.VirtualAssertions}.
 */
package sluice.virtual.assertj;
