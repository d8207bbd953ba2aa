import type { Migration } from "./migrations.ts"

/** @throws Error when a database has a migration that this version does not know. */
export function checkKnown(applied: readonly number[], list: readonly Migration[]): void {
  const newest = Math.max(0, ...applied)
  const known = list.at(-1)?.number ?? 0
  if (newest <= known) return
  throw new Error(
    `the database was made by a newer version (migration ${newest}; this one knows ${known}): update, or restore an older copy`,
  )
}
