import { image, type TestImage } from "./image.ts"
import { type Layer, layerOfFiles } from "./layer.ts"

/**
 * An image that a real engine can run: it prints `message` and a newline, and exits 0. Its program is a static x86-64 Linux executable.
 * `extraLayers` make it bigger.
 */
export function runnableImage(
  options: {
    message?: string
    mediaTypes?: "oci" | "docker"
    extraLayers?: readonly ({ sizeBytes: number; compressible?: boolean } | Layer)[]
  } = {},
): TestImage {
  const { message = "it runs", mediaTypes = "docker", extraLayers = [] } = options
  return image({
    seed: `runnable ${message}`,
    mediaTypes,
    layers: [layerOfFiles([{ name: "hello", content: printingProgram(`${message}\n`), mode: 0o755 }]), ...extraLayers],
    config: { config: { Cmd: ["/hello"], Env: ["PATH=/"], WorkingDir: "/" } },
  })
}

/** The bytes of a static x86-64 ELF executable: `write(1, text)`, then `exit(0)`. */
export function printingProgram(text: string): Buffer {
  const base = 0x40_0000
  const headers = 64 + 56
  const data = Buffer.from(text)
  const code = Buffer.from([
    ...[0xb8, 1, 0, 0, 0], // mov eax, 1 (write)
    ...[0xbf, 1, 0, 0, 0], // mov edi, 1 (stdout)
    ...[0xbe, 0, 0, 0, 0], // mov esi, text
    ...[0xba, 0, 0, 0, 0], // mov edx, length
    ...[0x0f, 0x05], // syscall
    ...[0xb8, 60, 0, 0, 0], // mov eax, 60 (exit)
    ...[0x31, 0xff], // xor edi, edi
    ...[0x0f, 0x05], // syscall
  ])
  code.writeUInt32LE(base + headers + code.length, 11)
  code.writeUInt32LE(data.length, 16)

  const elf = Buffer.alloc(64)
  elf.write("\x7fELF\x02\x01\x01", 0, "latin1")
  elf.writeUInt16LE(2, 16) // an executable
  elf.writeUInt16LE(62, 18) // x86-64
  elf.writeUInt32LE(1, 20)
  elf.writeBigUInt64LE(BigInt(base + headers), 24) // entry
  elf.writeBigUInt64LE(64n, 32) // program headers
  elf.writeUInt16LE(64, 52)
  elf.writeUInt16LE(56, 54)
  elf.writeUInt16LE(1, 56)

  const size = BigInt(headers + code.length + data.length)
  const segment = Buffer.alloc(56)
  segment.writeUInt32LE(1, 0) // loaded
  segment.writeUInt32LE(5, 4) // readable, executable
  segment.writeBigUInt64LE(BigInt(base), 16)
  segment.writeBigUInt64LE(BigInt(base), 24)
  segment.writeBigUInt64LE(size, 32)
  segment.writeBigUInt64LE(size, 40)
  segment.writeBigUInt64LE(0x1000n, 48)
  return Buffer.concat([elf, segment, code, data])
}
