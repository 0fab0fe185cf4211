package sluice.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;

/** What the disk under the file server says. */
class FileStoreTest {
    @Test
    void aFullDiskIsAnAnswerAndNoEndOfTheConnection() throws Exception {
        try (FileChannel full = FileChannel.open(Path.of("/dev/full"), StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> FileStore.write(full, ByteBuffer.allocate(1)))
                    .isInstanceOfSatisfying(HttpException.class,
                            e -> assertThat(e.status()).isEqualTo(507))
                    .hasMessage("cannot store it: No space left on device");
        }
    }
}
