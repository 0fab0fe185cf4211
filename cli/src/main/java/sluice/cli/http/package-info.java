/** HTTP/1.1 over any blocking connection: a file server and a client, streaming both ways. */
@NullMarked
package sluice.cli.http;

import org.jspecify.annotations.NullMarked;
