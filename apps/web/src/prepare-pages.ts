import { readFile } from "node:fs/promises"
import { type IncomingMessage, Server, type ServerResponse } from "node:http"
import { join } from "node:path"
import { type Configuration, compressAnswer, type Pages } from "@entrepot/server"
import { tellNext } from "./environment.ts"
import { preparePageRequest } from "./page-headers.ts"
import { readBuiltFiles } from "./read-built-files.ts"
import { serveBuiltFiles } from "./serve-built-files.ts"

export interface PreparePagesOptions {
  /** Of the package with `next.config.mjs`. */
  readonly directory: string
  readonly development: boolean
  /** For those who ask for none of our languages. */
  readonly locale: Configuration["locale"]
}

/** Loads Next, which takes a second or two, and returns what answers requests for pages: GET and HEAD alone. */
export async function preparePages({ directory, development, locale }: PreparePagesOptions): Promise<Pages> {
  if (!development) tellNext({ __NEXT_PRIVATE_STANDALONE_CONFIG: await builtConfiguration(directory) })
  // Development has no build: Next makes the files when they are asked for, and nobody is far away.
  const serveFile = development ? undefined : serveBuiltFiles(await readBuiltFiles(join(directory, ".next")))
  const { default: next } = await import("next")
  // Next adds a listener for upgrades to the server it runs behind. In production it gets one that nobody connects to, so that it sees none (S12).
  const upgrades = new Server()
  const app = next({ dev: development, dir: directory, httpServer: upgrades, quiet: !development })
  await app.prepare()
  const handler = app.getRequestHandler()
  return {
    handle(request, response) {
      if (request.method !== "GET" && request.method !== "HEAD") return refuse(request, response)
      if (serveFile?.(request, response)) return
      preparePageRequest(request, response, { development, locale })
      if (!development) compressAnswer(request, response)
      handler(request, response).catch(() => response.destroy())
    },
    close: () => app.close(),
    ...(development && { upgrade: (...given) => void upgrades.emit("upgrade", ...given) }),
  }
}

/** As the build left it: then Next neither runs `next.config.mjs` nor needs what runs it. */
async function builtConfiguration(directory: string): Promise<string> {
  const { config }: { config: unknown } = JSON.parse(await readFile(join(directory, ".next/required-server-files.json"), "utf8"))
  return JSON.stringify(config)
}

/** Pages take nothing. A login that was sent before the page's script had come is asked for again. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === "POST" && /^\/login(\?|$)/.test(request.url ?? "")) {
    response.writeHead(303, { location: "/login", "cache-control": "no-store" })
    response.end()
    return
  }
  response.writeHead(405, {
    allow: "GET, HEAD",
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
  })
  response.end("Pages are read with GET.\n")
}
