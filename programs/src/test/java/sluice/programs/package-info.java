/**
 * Programs that know nothing of Sluice, on the stack: each does what it is made for, over a clean path and over one
 * that loses packets. A new one is a test here, its artifacts test dependencies with their versions in the parent's
 * properties.
 */
package sluice.programs;
