import { TransferError } from "@entrepot/core"

const limit = 64 * 1024

/** Standard input to its end. @throws TransferError `usage` when it is a terminal or longer than 64 KiB, `cancelled` on abort. */
export async function readInput(stream: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  if (stream.isTTY) {
    throw new TransferError("usage", "standard input is a terminal, and a password typed there would be shown", {
      hint: 'pipe the password in: printf %s "$PASSWORD" | entrepot … --password-stdin',
    })
  }
  const stop = () => stream.destroy(new TransferError("cancelled", "stopped on request"))
  signal.addEventListener("abort", stop, { once: true })
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > limit) throw new TransferError("usage", "standard input is longer than 64 KiB: not a password")
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "")
}
