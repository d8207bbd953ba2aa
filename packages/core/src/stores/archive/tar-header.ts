/** One header block of a tar (POSIX ustar, with GNU's binary numbers). */
export const tarBlockBytes = 512

/** What one header block says of the entry that it begins. */
export interface TarHeader {
  readonly name: string
  /** Bytes of data that follow. */
  readonly size: number
  /** POSIX type flag: `0` file, `1` hard link, `2` symbolic link, `5` directory, `x` pax header, `L` GNU long name, … */
  readonly type: string
  readonly linkName: string
}

/**
 * Reads a header block. Undefined for the block of zeros that ends a tar.
 * @throws Error that says what is wrong with the block.
 */
export function decodeTarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined
  checkSum(block)
  const isUstar = block.toString("latin1", 257, 263) === "ustar\0"
  const prefix = isUstar ? readText(block, 345, 155) : ""
  const name = readText(block, 0, 100)
  const flag = block.toString("latin1", 156, 157)
  const isOldDirectory = (flag === "0" || flag === "\0") && name.endsWith("/")
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    size: readNumber(block, 124, 12),
    type: isOldDirectory ? "5" : flag === "\0" || flag === "7" ? "0" : flag,
    linkName: readText(block, 157, 100),
  }
}

/** A header for a regular file. `name` is short and ASCII, as all names that we write are. */
export function encodeTarHeader(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`"${name}" does not fit into a tar header`)
  const block = Buffer.alloc(tarBlockBytes)
  block.write(name, 0)
  block.write("0000644\0", 100)
  block.write("0000000\0", 108)
  block.write("0000000\0", 116)
  if (size < 0o100000000000) block.write(`${size.toString(8).padStart(11, "0")}\0`, 124)
  else {
    block[124] = 0x80
    block.writeBigUInt64BE(BigInt(size), 128)
  }
  block.write("00000000000\0", 136)
  block.write("        ", 148)
  block.write("0", 156)
  block.write("ustar\x0000", 257)
  let sum = 0
  for (const byte of block) sum += byte
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  return block
}

function checkSum(block: Buffer): void {
  let unsigned = 8 * 32
  let signed = 8 * 32
  for (let i = 0; i < tarBlockBytes; i++) {
    if (i >= 148 && i < 156) continue
    unsigned += block.readUInt8(i)
    signed += block.readInt8(i)
  }
  const stored = readNumber(block, 148, 8)
  // Old tars summed signed bytes.
  if (stored !== unsigned && stored !== signed) throw new Error("has a wrong checksum")
}

function readText(block: Buffer, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length)
  const end = field.indexOf(0)
  return field.toString("utf8", 0, end < 0 ? length : end)
}

function readNumber(block: Buffer, offset: number, length: number): number {
  const first = block.readUInt8(offset)
  if ((first & 0x80) !== 0) {
    if ((first & 0x40) !== 0) throw new Error("has a negative number")
    let value = first & 0x3f
    for (let i = 1; i < length; i++) value = value * 256 + block.readUInt8(offset + i)
    if (!Number.isSafeInteger(value)) throw new Error("has a number that is too large")
    return value
  }
  const text = block
    .toString("latin1", offset, offset + length)
    .replace(/\0.*$/s, "")
    .trim()
  if (!/^[0-7]*$/.test(text)) throw new Error("has a field that is no number")
  return text === "" ? 0 : Number.parseInt(text, 8)
}
