import { createHttp } from "../../http/create-http.ts"
import { createDirectEngine } from "../direct.ts"

/** Run as its own process, to be killed: `SOURCE TARGET DIRECTORY` copies into the cache in DIRECTORY, and prints a line just before it begins. */
const [source = "", target = "", cacheDirectory = ""] = process.argv.slice(2)

const http = createHttp()
const engine = createDirectEngine({ stores: { http, cacheDirectory } })
process.stdout.write("begins\n")
for await (const event of engine.copy({ source, target })) {
  if (event.type === "outcome" && event.outcome !== "succeeded" && event.outcome !== "unchanged") {
    throw new Error(event.error?.message ?? event.outcome)
  }
}
await http.close()
