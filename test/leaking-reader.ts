/** The least program with a leak, in Java: `in` is open where line 6 returns, and where it throws. */
export function leakingReader(className: string): string {
  return `import java.io.*;

class ${className} {
  int firstByte(File file) throws IOException {
    FileInputStream in = new FileInputStream(file);
    return in.read();
  }
}
`;
}
