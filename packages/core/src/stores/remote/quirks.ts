/** Where a registry departs from the distribution specification in a way that we meet before it can tell us. Everything else is learned from answers. */
export interface Quirks {
  /** The request that carries a blob's whole stream. `patch`: PATCH, then an empty closing PUT. */
  readonly whole: "put" | "patch"
  /** Whether an upload that broke may be continued, and sent in several PATCHes. */
  readonly continues: boolean
}

const byTheBook: Quirks = { whole: "put", continues: true }

interface Entry {
  readonly hosts: readonly string[]
  readonly quirks: Quirks
}

/** First match counts; `.x.y` matches every host below. */
const table: readonly Entry[] = [
  // aws/containers-roadmap#2831: PATCH answers 201 and drops every chunk after the first
  { hosts: [".amazonaws.com", ".amazonaws.com.cn", "public.ecr.aws"], quirks: { ...byTheBook, continues: false } },
  // ocx#237: several PATCHes corrupt the blob, and one of more than 4 MiB may be answered 416
  { hosts: ["ghcr.io"], quirks: { ...byTheBook, continues: false } },
  // ocync docs, registries/gar: PATCH is not implemented
  { hosts: ["gcr.io", ".gcr.io", ".pkg.dev"], quirks: { ...byTheBook, continues: false } },
  // ocync docs, registries/acr: a streamed PUT is cut at about 20 MB, a PATCH is not
  { hosts: [".azurecr.io", ".azurecr.cn", ".azurecr.us"], quirks: { ...byTheBook, whole: "patch" } },
]

/** What is known beforehand about `host` (`host[:port]`). */
export function quirksOf(host: string): Quirks {
  const name = host.replace(/:\d+$/, "").toLowerCase()
  const entry = table.find(({ hosts }) => hosts.some((known) => (known.startsWith(".") ? name.endsWith(known) : name === known)))
  return entry?.quirks ?? byTheBook
}
