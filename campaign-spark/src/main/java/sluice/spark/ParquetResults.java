package sluice.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import sluice.campaign.Measure;
import sluice.campaign.ResultsFile;
import sluice.campaign.report.ParquetFile;

/**
 * Writes results with Parquet's own writer, row group by row group: memory does not grow with them. Numbers are 64-bit,
 * measures that came to nothing are null, all else is text.
 */
public final class ParquetResults implements ParquetFile {
    private static final List<String> WHOLE = List.of("run", "cell", "seed", "packets");

    /** Made by {@link ParquetFile#find}. */
    public ParquetResults() {}

    @Override
    public long write(Path results, Path file) throws IOException {
        MessageType schema = schema(ResultsFile.campaign(results).columns());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            long rows = rows(results, part, schema);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            return rows;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Writes them over what a writer that was killed may have left. */
    private static long rows(Path results, Path part, MessageType schema) throws IOException {
        long[] rows = new long[1];
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(part)).withType(schema)
                .withWriteMode(ParquetFileWriter.Mode.OVERWRITE).withConf(new PlainParquetConfiguration())
                .withCompressionCodec(CompressionCodecName.ZSTD).build()) {
            ResultsFile.read(results, row -> {
                try {
                    writer.write(group(schema, row.fields()));
                    rows[0]++;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return rows[0];
    }

    /** A column for each of the lines': names are theirs. */
    private static MessageType schema(List<String> columns) {
        Types.MessageTypeBuilder message = Types.buildMessage();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (WHOLE.contains(name)) {
                message.required(PrimitiveTypeName.INT64).named(name);
            } else if (name.equals("virtual_ms") || Measure.find(name) != null && i > columns.indexOf("packets")) {
                message.optional(PrimitiveTypeName.DOUBLE).named(name);
            } else {
                message.required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType()).named(name);
            }
        }
        return message.named("results");
    }

    private static Group group(MessageType schema, List<String> fields) {
        Group row = new SimpleGroup(schema);
        for (int i = 0; i < fields.size(); i++) {
            String field = fields.get(i);
            switch (schema.getType(i).asPrimitiveType().getPrimitiveTypeName()) {
                case INT64 -> row.add(i, Long.parseLong(field));
                case DOUBLE -> {
                    if (!field.isEmpty()) {
                        row.add(i, Double.parseDouble(field));
                    }
                }
                default -> row.add(i, field);
            }
        }
        return row;
    }
}
