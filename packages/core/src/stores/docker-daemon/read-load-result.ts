import { TransferError } from "../../errors/transfer-error.ts"

/** The rest of one line of the daemon's answer is not needed. */
const lineLimit = 64 * 1024

/**
 * Reads the answer to an image load, a stream of JSON lines, to its end.
 * @throws TransferError `docker_unavailable` for an error in it: it comes after the status 200 (docker-modem #146).
 */
export async function readLoadResult(answer: AsyncIterable<unknown>): Promise<void> {
  let rest = ""
  for await (const chunk of answer) {
    const lines = (rest + String(chunk)).split("\n")
    rest = (lines.pop() ?? "").slice(0, lineLimit)
    for (const line of lines) checkLine(line)
  }
  checkLine(rest)
}

function checkLine(line: string): void {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return
  }
  if (typeof json !== "object" || json === null) return
  const detail = "errorDetail" in json ? json.errorDetail : undefined
  const message =
    typeof detail === "object" && detail !== null && "message" in detail
      ? detail.message
      : "error" in json
        ? json.error
        : undefined
  if (message === undefined) return
  throw new TransferError("docker_unavailable", `the Docker daemon could not load the image: ${String(message).slice(0, 500)}`)
}
