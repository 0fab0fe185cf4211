/**
 * The lab's page: the parts of it ({@code PageParts}: scripts, styles and what is vendored, in the resources of this
 * package), the site for reading without a server ({@code LabSite}), and the server whose controls are alive ({@code
 * LabServer}). What a page shows comes from the same JSON as everything else ({@code JsonReport}).
 */
@NullMarked
package sluice.lab.page;

import org.jspecify.annotations.NullMarked;
