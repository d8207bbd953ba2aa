import type { AccessRecord, Answers } from "@entrepot/client"

/** A page of the log as the application gives it. */
export type LogPage = Answers["accessLog"]["list"]

/** All entries of these pages, each once: what was written last comes first. */
export function entriesOf(pages: readonly LogPage[]): readonly AccessRecord[] {
  const entries = new Map(pages.flatMap((page) => page.entries.map((entry) => [entry.id, entry] as const)))
  return [...entries.values()].sort((one, other) => other.id - one.id)
}

/**
 * The pages after these entries were written. Those written last are kept, at most so many: where that leaves some out, what is left is one page, and
 * the next begins where nothing of it is missed.
 */
export function pagesWithNews(pages: readonly LogPage[], news: readonly AccessRecord[], kept: number): readonly LogPage[] {
  const [first, ...others] = pages
  if (first === undefined || news.length === 0) return pages
  const all = [{ ...first, entries: [...news, ...first.entries] }, ...others]
  const entries = entriesOf(all)
  if (entries.length <= kept) return all
  const left = entries.slice(kept).reduce(later)
  const rest = entries.slice(0, kept)
  const after = rest.filter((entry) => later(entry, left) === entry)
  return [{ ...first, entries: rest, next: (after.length === 0 ? rest : after).reduce(earlier).id }]
}

/** As the log is paged: by time, and by number where that is the same. */
function later(one: AccessRecord, other: AccessRecord): AccessRecord {
  return one.at > other.at || (one.at === other.at && one.id > other.id) ? one : other
}

function earlier(one: AccessRecord, other: AccessRecord): AccessRecord {
  return later(one, other) === one ? other : one
}
