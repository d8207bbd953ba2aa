import { close, constants, fstat, open } from "node:fs"
import { promisify } from "node:util"
import { localIoError, systemCode } from "@entrepot/core"
import { LRUCache } from "lru-cache"

const openFile = promisify(open)
const statFile = promisify(fstat)

/** Beyond what a busy server serves within the few seconds; a cycle through more files than are kept finds none of them. */
const mostKept = 1024

/** A file that is open for as long as somebody uses it. */
export class OpenFile {
  readonly path: string
  readonly fd: number
  readonly sizeBytes: number
  #users = 0

  constructor(path: string, fd: number, sizeBytes: number) {
    this.path = path
    this.fd = fd
    this.sizeBytes = sizeBytes
  }

  use(): this {
    this.#users++
    return this
  }

  release(): void {
    this.#users--
    if (this.#users === 0) close(this.fd)
  }
}

/**
 * Files that never change, open for reading. Those that were asked for lately stay open for a few seconds, since opening and closing costs as much as
 * reading a megabyte; readers of one file share it.
 */
export class OpenFiles {
  readonly #lately = new LRUCache<string, OpenFile>({
    max: mostKept,
    ttl: 5000,
    ttlAutopurge: true,
    dispose: (file) => file.release(),
  })
  readonly #opening = new Map<string, Promise<OpenFile | undefined>>()

  /** In use by the caller, who must release it. Undefined where there is none. @throws TransferError `local_io`. */
  async open(path: string): Promise<OpenFile | undefined> {
    const known = this.#lately.get(path)
    if (known) return known.use()
    const opening = this.#opening.get(path) ?? this.#open(path)
    return (await opening)?.use()
  }

  /** What is at this path is another file now, or none. Those who read the old one go on. */
  forget(path: string): void {
    this.#opening.delete(path)
    this.#lately.delete(path)
  }

  close(): void {
    this.#opening.clear()
    this.#lately.clear()
  }

  #open(path: string): Promise<OpenFile | undefined> {
    const opening = openAt(path)
      .then((file) => {
        if (file === undefined) return undefined
        if (this.#opening.get(path) === opening) this.#lately.set(path, file.use())
        // Those who wait for it take it up before it can be closed, also when the path was forgotten meanwhile.
        file.use()
        setImmediate(() => file.release())
        return file
      })
      .finally(() => {
        if (this.#opening.get(path) === opening) this.#opening.delete(path)
      })
    this.#opening.set(path, opening)
    return opening
  }
}

async function openAt(path: string): Promise<OpenFile | undefined> {
  let fd: number | undefined
  try {
    fd = await openFile(path, constants.O_RDONLY | constants.O_NOFOLLOW)
    return new OpenFile(path, fd, (await statFile(fd)).size)
  } catch (error) {
    if (fd !== undefined) close(fd)
    if (systemCode(error) === "ENOENT") return undefined
    throw localIoError(error, path)
  }
}
