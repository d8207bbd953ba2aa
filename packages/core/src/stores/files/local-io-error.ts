import { isCancellation, TransferError } from "../../errors/transfer-error.ts"

const hints: Record<string, string> = {
  ENOSPC: "the disk is full: make room and start again, what is already there is kept",
  EDQUOT: "the quota is used up: make room and start again, what is already there is kept",
  EACCES: "check who may read and write there",
  EPERM: "check who may read and write there",
  EROFS: "the file system is read-only",
  ENOENT: "check the path",
  ENOTDIR: "a part of the path is a file, not a directory",
  EISDIR: "the path is a directory, not a file",
  EMFILE: "too many files are open: raise `ulimit -n`",
}

/** The system's code of a failed file operation (`ENOENT`), undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}

/** What a failed file operation means to a person: `local_io` with the path and what to do; a TransferError or a cancellation stays one. */
export function localIoError(error: unknown, path: string): TransferError {
  if (error instanceof TransferError) return error
  if (isCancellation(error)) return new TransferError("cancelled", "stopped on request", { cause: error })
  const code = systemCode(error)
  const reason = code ?? (error instanceof Error ? error.message : String(error))
  return new TransferError("local_io", `cannot use ${path}: ${reason}`, {
    host: path,
    hint: code === undefined ? undefined : hints[code],
    cause: error,
  })
}

/** Throws `cancelled` when the signal says so. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new TransferError("cancelled", "stopped on request", { cause: signal.reason })
}
