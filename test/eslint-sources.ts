/** A leak in each of the languages that the plugin brings, one finding a file, and where ESLint reports it. */

export const java = `import java.io.FileInputStream;

class Invoices {
  int size(String name) throws Exception {
    FileInputStream from = new FileInputStream(name);
    if (name.isEmpty()) return 0;
    return from.read();
  }
}
`;

export const go = `package invoices

import "os"

func size(name string) int {
	from, err := os.Open(name)
	if err != nil {
		return 0
	}
	return len(from.Name())
}
`;

export const python = `import socket


def size(name):
    line = socket.create_connection((name, 80))
    if name == "":
        return 0
    return len(line.recv(9))
`;

export const invoices = { 'Invoices.java': java, 'invoices.go': go, 'invoices.py': python };
export const places = ['Invoices.java:5:28 leak', 'invoices.go:6:15 leak', 'invoices.py:5:12 leak'];

/** The first words of each line: file, place and rule. */
export function placesOf(lines: readonly string[]): string[] {
  return lines.map((line) => line.split(' ').slice(0, 2).join(' '));
}
