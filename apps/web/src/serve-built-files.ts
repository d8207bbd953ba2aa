import type { IncomingMessage, ServerResponse } from "node:http"
import { acceptedEncoding } from "@entrepot/server"
import type { BuiltFile } from "./read-built-files.ts"

/** Everything below is a file of the build, or nothing. */
const folder = "/_next/static/"

const year = "public, max-age=31536000, immutable"
const day = "public, max-age=86400"

/**
 * Answers GET and HEAD requests for files of the build. False: it is none, and nothing was touched. A path is looked up in the table of files, so
 * that no spelling of it leads anywhere else (RELIABILITY S11).
 */
export function serveBuiltFiles(files: ReadonlyMap<string, BuiltFile>) {
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const path = (request.url ?? "").split(/[?#]/, 1)[0] ?? ""
    const file = files.get(decoded(path) ?? "")
    if (file === undefined && !path.startsWith(folder)) return false
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
    if (file === undefined) refuse(response)
    else send(file, request, response)
    return true
  }
}

const nothingRuns = "default-src 'none'; frame-ancestors 'none'"
/** A script may be a worker, and a worker loads its parts by the policy of its own answer. */
const scriptPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"

/** A file may be opened by itself as well. */
const securityHeaders = {
  "content-security-policy": nothingRuns,
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const

function send(file: BuiltFile, request: IncomingMessage, response: ServerResponse): void {
  const encoding = acceptedEncoding(request.headers["accept-encoding"]?.toString(), [...file.bodies.keys()])
  const body = file.bodies.get(encoding) ?? Buffer.alloc(0)
  const tag = encoding === "identity" ? `"${file.tag}"` : `"${file.tag}-${encoding}"`
  response.setHeader("cache-control", file.immutable ? year : day)
  response.setHeader("etag", tag)
  response.setHeader("vary", "Accept-Encoding")
  if (isKnown(request.headers["if-none-match"], tag)) {
    response.writeHead(304).end()
    return
  }
  if (file.contentType.startsWith("text/javascript")) response.setHeader("content-security-policy", scriptPolicy)
  response.setHeader("content-type", file.contentType)
  response.setHeader("content-length", body.length)
  if (encoding !== "identity") response.setHeader("content-encoding", encoding)
  response.writeHead(200)
  response.end(request.method === "HEAD" ? undefined : body)
}

/** The client has the same already (RFC 9110 section 13.1.2). */
function isKnown(header: string | undefined, tag: string): boolean {
  return (header ?? "").split(",").some((known) => ["*", tag].includes(known.trim().replace(/^W\//, "")))
}

/** What an older page asks for after an update must not be remembered as missing. */
function refuse(response: ServerResponse): void {
  response.setHeader("cache-control", "no-store")
  response.writeHead(404, { "content-type": "text/plain; charset=utf-8" })
  response.end("There is nothing here.\n")
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}
