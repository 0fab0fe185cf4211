/** Campaigns on Apache Spark, and their results as Parquet. */
@NullMarked
package sluice.spark;

import org.jspecify.annotations.NullMarked;
