import { TransferError } from "../../errors/transfer-error.ts"

/** One line of the daemon's progress stream (Docker Engine API, "ImageCreate" and "ImagePush"). */
export interface DaemonMessage {
  readonly status?: string
  /** Short id of a layer, or the tag in the first line of a pull. */
  readonly id?: string
  readonly current?: number
  readonly total?: number
  /** What a 200 answer fails with; a string even where the daemon sends less. */
  readonly error?: string
  /** The manifest that the registry now has, at the end of a push. */
  readonly pushed?: { readonly digest: string; readonly size: number }
}

const maxLineLength = 1024 * 1024

/**
 * Reads JSON lines however they are cut into chunks, the last one with or without a line end.
 * @throws TransferError `protocol` for a line that is no JSON object, or endless.
 */
export async function* readDaemonMessages(stream: AsyncIterable<Buffer | string>): AsyncGenerator<DaemonMessage, void> {
  const decoder = new TextDecoder()
  let rest = ""
  for await (const chunk of stream) {
    // only what is new is searched: a long line may come in any number of pieces
    const [first = "", ...more] = (typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })).split("\n")
    const lines = [rest + first, ...more]
    rest = lines.pop() ?? ""
    if (rest.length > maxLineLength)
      throw new TransferError("protocol", "Docker: a line of the progress has no end", { side: "local" })
    for (const line of lines) if (line.trim() !== "") yield parseLine(line)
  }
  if (rest.trim() !== "") yield parseLine(rest)
}

function parseLine(line: string): DaemonMessage {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new TransferError("protocol", "Docker: a line of the progress is not JSON", { side: "local", cause })
  }
  const message = asRecord(value)
  const detail = asRecord(message.progressDetail)
  const { Digest: digest, Size: size } = asRecord(message.aux)
  const error = errorOf(message)
  return {
    ...(typeof message.status === "string" ? { status: message.status } : {}),
    ...(typeof message.id === "string" ? { id: message.id } : {}),
    ...(typeof detail.current === "number" ? { current: detail.current } : {}),
    ...(typeof detail.total === "number" ? { total: detail.total } : {}),
    ...(error === undefined ? {} : { error }),
    ...(typeof digest === "string" ? { pushed: { digest, size: typeof size === "number" ? size : 0 } } : {}),
  }
}

function errorOf(message: Readonly<Record<string, unknown>>): string | undefined {
  if (message.error === undefined && message.errorDetail === undefined) return undefined
  const told = asRecord(message.errorDetail).message
  if (typeof told === "string" && told !== "") return told
  return typeof message.error === "string" ? message.error : ""
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
