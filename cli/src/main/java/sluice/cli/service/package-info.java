/** Small TCP services that live inside the shard, or on blocking sockets. */
@NullMarked
package sluice.cli.service;

import org.jspecify.annotations.NullMarked;
