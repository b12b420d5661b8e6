package demo.parquet;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** {@link FooterReader} with the reader named and closed by the statement that opens it. */
public final class FooterReaderFixed {
    private FooterReaderFixed() {}

    public static ParquetMetadata footerOf(Configuration conf, Path path) throws IOException {
        try (ParquetFileReader reader = openReader(conf, path)) {
            return reader.getFooter();
        }
    }

    public static long rowCount(Configuration conf, Path path) throws IOException {
        return footerOf(conf, path).getBlocks().stream().mapToLong(block -> block.getRowCount()).sum();
    }

    static ParquetFileReader openReader(Configuration conf, Path path) throws IOException {
        return new ParquetFileReader(HadoopInputFile.fromPath(path, conf), null);
    }
}
