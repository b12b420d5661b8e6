package demo.parquet;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Reads statistics from file footers while planning a query: a thousand files, a thousand open streams. */
public final class FooterReader {
    private FooterReader() {}

    public static ParquetMetadata footerOf(Configuration conf, Path path) throws IOException {
        return openReader(conf, path).getFooter(); // lost-reference parquet-reader
    }

    public static long rowCount(Configuration conf, Path path) throws IOException {
        return footerOf(conf, path).getBlocks().stream().mapToLong(block -> block.getRowCount()).sum();
    }

    static ParquetFileReader openReader(Configuration conf, Path path) throws IOException {
        return new ParquetFileReader(HadoopInputFile.fromPath(path, conf), null);
    }
}
