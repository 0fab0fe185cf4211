/** What the tests of all modules have; nothing here reaches a product's class path. */
package dev.sluice.watchdog;
