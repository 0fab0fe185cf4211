/** {@code sluice demo}: our stack and another one transfer files both ways over good and bad paths. */
@NullMarked
package sluice.cli.demo;

import org.jspecify.annotations.NullMarked;
