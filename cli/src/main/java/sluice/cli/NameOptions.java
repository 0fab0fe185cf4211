package sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import sluice.engine.StackExtension;
import sluice.sockets.names.HostsFile;
import sluice.sockets.names.ResolvConf;
import sluice.sockets.names.StackNames;

/** Who looks up the names of a program on a stack. */
final class NameOptions {
    @Option(names = "--names",
            description = "Look names up over the stack: /etc/hosts, and the servers of /etc/resolv.conf (default: as "
                    + "the machine does).")
    boolean names;

    /** What a stack needs for it. */
    List<StackExtension> extensions() throws IOException {
        return names ? List.of(new StackNames(ResolvConf.parse(Files.readString(Path.of("/etc/resolv.conf"))),
                HostsFile.parse(Files.readString(Path.of("/etc/hosts"))))) : List.of();
    }
}
