import { createHash } from "node:crypto"
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from "node:http"
import { request as httpsRequest } from "node:https"
import type { BlobContent } from "./images/blob-content.ts"
import type { TestImage } from "./images/image.ts"

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface ClientOptions {
  /** `http://127.0.0.1:5000` */
  readonly origin: string
  /** Value of the Authorization header for a repository (undefined for none of them). */
  readonly authorization?: ((repository: string | undefined) => string | undefined) | undefined
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string | undefined
}

/** A plain client of the distribution API to put images into a registry and to look at what arrived. It retries nothing. */
export class RegistryClient {
  readonly #options: ClientOptions

  constructor(options: ClientOptions) {
    this.#options = options
  }

  /** Pushes an image with all it carries. A tag is optional: `library/nginx` alone pushes by digest. @throws Error on any refusal. */
  async push(reference: string, image: TestImage): Promise<void> {
    const { repository, tag } = splitReference(reference)
    for (const [digest, content] of image.blobs) await this.pushBlob(repository, digest, content)
    for (const child of allChildren(image)) await this.#putManifest(repository, child.descriptor.digest, child)
    await this.#putManifest(repository, tag ?? image.descriptor.digest, image)
  }

  async pushBlob(repository: string, digest: string, content: BlobContent): Promise<void> {
    if (await this.hasBlob(repository, digest)) return
    const begun = await this.request("POST", `/v2/${repository}/blobs/uploads/`)
    const location = expectStatus(begun, 202, `upload to ${repository}`).headers.location
    if (!location) throw new Error(`no Location for the upload to ${repository}`)
    const url = new URL(location, this.#options.origin)
    url.searchParams.set("digest", digest)
    const done = await this.request("PUT", url.pathname + url.search, { "content-type": "application/octet-stream" }, content)
    expectStatus(done, 201, `blob ${digest} of ${repository}`)
  }

  /** The manifest under a tag or digest, undefined when there is none. @throws Error when the answer is neither 200 nor 404. */
  async manifest(
    repository: string,
    reference: string,
  ): Promise<{ bytes: Buffer; mediaType: string; digest: string } | undefined> {
    const answer = await this.request("GET", `/v2/${repository}/manifests/${reference}`, { accept: manifestTypes })
    if (answer.status === 404) return undefined
    expectStatus(answer, 200, `manifest ${repository}:${reference}`)
    return {
      bytes: answer.body,
      mediaType: answer.headers["content-type"] ?? "",
      digest: `sha256:${createHash("sha256").update(answer.body).digest("hex")}`,
    }
  }

  /** The bytes of a blob, undefined when it is not in that repository. */
  async blob(repository: string, digest: string): Promise<Buffer | undefined> {
    const answer = await this.request("GET", `/v2/${repository}/blobs/${digest}`)
    return answer.status === 404 ? undefined : expectStatus(answer, 200, `blob ${digest}`).body
  }

  async hasBlob(repository: string, digest: string): Promise<boolean> {
    return (await this.request("HEAD", `/v2/${repository}/blobs/${digest}`)).status === 200
  }

  /** True when tag or digest give exactly this image's manifest, and every child and blob of it is there. */
  async holds(reference: string, image: TestImage): Promise<boolean> {
    const { repository, tag } = splitReference(reference)
    const top = await this.manifest(repository, tag ?? image.descriptor.digest)
    if (!top?.bytes.equals(image.manifest)) return false
    for (const child of allChildren(image)) {
      if (!(await this.manifest(repository, child.descriptor.digest))?.bytes.equals(child.manifest)) return false
    }
    for (const digest of image.blobs.keys()) if (!(await this.hasBlob(repository, digest))) return false
    return true
  }

  /** Tags of a repository in the registry's order (the first page), empty for an unknown one. */
  async tags(repository: string): Promise<string[]> {
    const answer = await this.request("GET", `/v2/${repository}/tags/list`)
    if (answer.status === 404) return []
    return (JSON.parse(answer.body.toString()) as { tags: string[] | null }).tags ?? []
  }

  /** One request; `body` of a content is streamed. */
  async request(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body?: Buffer | BlobContent,
  ): Promise<Answer> {
    const url = new URL(path, this.#options.origin)
    const repository = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//.exec(url.pathname)?.[1]
    const authorization = this.#options.authorization?.(repository)
    const length = body === undefined ? undefined : Buffer.isBuffer(body) ? body.length : body.sizeBytes
    const start = url.protocol === "https:" ? httpsRequest : httpRequest
    return await new Promise((resolve, reject) => {
      const outgoing = start(
        url,
        {
          method,
          headers: {
            ...headers,
            ...(authorization ? { authorization } : {}),
            ...(length === undefined
              ? method === "POST"
                ? { "content-length": "0" }
                : {}
              : { "content-length": String(length) }),
          },
          ...(this.#options.ca ? { ca: this.#options.ca } : {}),
          agent: false,
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
          incoming.on("error", reject)
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          )
        },
      )
      outgoing.on("error", reject)
      void send(outgoing, body).catch(reject)
    })
  }

  async #putManifest(repository: string, reference: string, image: TestImage): Promise<void> {
    const answer = await this.request(
      "PUT",
      `/v2/${repository}/manifests/${reference}`,
      { "content-type": image.descriptor.mediaType },
      image.manifest,
    )
    expectStatus(answer, 201, `manifest ${repository}:${reference}`)
  }
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ")

/** `library/nginx:1.27` or `library/nginx` (no host). */
export function splitReference(reference: string): { repository: string; tag: string | undefined } {
  const colon = reference.indexOf(":")
  return colon < 0
    ? { repository: reference, tag: undefined }
    : { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) }
}

/** Children before their parents. */
export function allChildren(image: TestImage): TestImage[] {
  return image.children.flatMap((child) => [...allChildren(child), child])
}

async function send(outgoing: ClientRequest, body: Buffer | BlobContent | undefined): Promise<void> {
  if (body === undefined || Buffer.isBuffer(body)) {
    outgoing.end(body)
    return
  }
  for (const piece of body.read()) {
    if (outgoing.destroyed) return
    if (!outgoing.write(piece)) await drained(outgoing)
  }
  outgoing.end()
}

async function drained(outgoing: ClientRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      outgoing.removeListener("drain", done).removeListener("close", done)
      resolve()
    }
    outgoing.on("drain", done).on("close", done)
  })
}

function expectStatus(answer: Answer, status: number, what: string): Answer {
  if (answer.status !== status) throw new Error(`${what}: ${answer.status} ${answer.body.toString().slice(0, 500)}`)
  return answer
}
