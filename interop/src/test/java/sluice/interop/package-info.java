/** The stack against the Linux kernel: each test in a network namespace of its own. */
package sluice.interop;
