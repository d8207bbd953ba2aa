import { setImmediate as othersFirst } from "node:timers/promises"

/** Rows that are read at once where some of them are left out. */
const readAtOnce = 500

interface NamePage<Item> {
  readonly items: readonly Item[]
  /** `after` of the next page; null where this is the last. */
  readonly next: string | null
}

/** A page of those that `isWanted` says, in the order of their names: all are looked through until there are enough. */
export async function pageByName<Item extends { readonly name: string }>(
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
  read: (query: { readonly after: string | undefined; readonly limit: number }) => Promise<readonly Item[]>,
  isWanted: (item: Item) => boolean,
): Promise<NamePage<Item>> {
  const found: Item[] = []
  for (let cursor = after; ; ) {
    const rows = await read({ after: cursor, limit: readAtOnce })
    found.push(...rows.filter(isWanted))
    if (rows.length < readAtOnce || found.length > limit) break
    cursor = rows.at(-1)?.name
    await othersFirst()
  }
  const items = found.slice(0, limit)
  return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null }
}

/** Whether a name has this in it, in whatever case; all have nothing in them. */
export function hasInIt(search: string | undefined): (named: { readonly name: string }) => boolean {
  const wanted = search?.toLowerCase() ?? ""
  return ({ name }) => name.toLowerCase().includes(wanted)
}
