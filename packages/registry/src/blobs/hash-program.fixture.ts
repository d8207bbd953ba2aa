import { open } from "node:fs/promises"
import { HashThreads } from "./hash-threads.ts"

/** Run as a process of its own with the path of a file: prints its hash, closes nothing, and should end all the same. */
const file = await open(process.argv[2] ?? "")
const hex = await new HashThreads(1).digest(file.fd, (await file.stat()).size, "sha256")
process.stdout.write(`${hex}\n`)
await file.close()
