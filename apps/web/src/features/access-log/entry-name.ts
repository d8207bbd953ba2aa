import type { AccessRecord } from "@entrepot/client"

/** What an entry is about: `library/nginx:1.27`, `library/nginx@sha256:…`, the words of a search; empty where the request names nothing. */
export function entryName({ repository, reference }: Pick<AccessRecord, "repository" | "reference">): string {
  if (repository === "" || reference === "") return repository + reference
  return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`
}

/** The same for a narrow place: of a digest the beginning, as people tell them apart. */
export function shortEntryName(entry: Pick<AccessRecord, "repository" | "reference">): string {
  return entryName({ ...entry, reference: entry.reference.replace(/^(sha\d+:[0-9a-f]{12})[0-9a-f]+$/, "$1…") })
}

/** The prefix below which a repository and its neighbours stand: `docker.io/library/`; undefined where it has none. */
export function neighboursOf(repository: string): string | undefined {
  const end = repository.lastIndexOf("/")
  return end === -1 ? undefined : repository.slice(0, end + 1)
}
