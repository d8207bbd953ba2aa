/** One header block of a ustar archive for a regular file (POSIX.1-1988, "ustar Interchange Format"). */
export function tarHeader(name: string, sizeBytes: number, mode = 0o644): Buffer {
  const header = Buffer.alloc(512)
  const octal = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1")
  header.write(name, 0, 100, "utf8")
  octal(mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(sizeBytes, 124, 12)
  octal(0, 136, 12)
  header.fill(" ", 148, 156)
  header.write("0", 156, "latin1")
  header.write("ustar\x0000", 257, "latin1")
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1")
  return header
}

/** Zero bytes that fill a tar entry of this size up to its block. */
export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((512 - (sizeBytes % 512)) % 512)
}

/** A whole archive of small files. */
export function tarArchive(files: readonly { name: string; content: Buffer; mode?: number }[]): Buffer {
  return Buffer.concat([
    ...files.flatMap(({ name, content, mode }) => [tarHeader(name, content.length, mode), content, tarPadding(content.length)]),
    Buffer.alloc(1024),
  ])
}
