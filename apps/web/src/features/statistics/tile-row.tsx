import { classNames } from "../../components/class-names.ts"

/** A figure with its name, and where the name is not enough, a few words. */
export interface Tile {
  readonly name: string
  readonly value: string
  readonly hint?: string
}

/** The sums of a period, large enough to read across a room. */
export function TileRow({ tiles }: { readonly tiles: readonly Tile[] }) {
  const isOdd = tiles.length % 2 === 1
  return (
    <dl className={classNames("grid grid-cols-2 gap-4", isOdd ? "lg:grid-cols-5" : "lg:grid-cols-3")}>
      {tiles.map(({ name, value, hint }) => (
        <div
          key={name}
          className={classNames(
            "min-h-[6.75rem] rounded-lg border bg-card p-4 shadow-xs",
            isOdd && "first:col-span-2 lg:first:col-span-1",
          )}
        >
          <dt className="text-sm text-muted-foreground">{name}</dt>
          <dd className="mt-1 text-2xl font-semibold tracking-tight tabular-nums">{value}</dd>
          {hint !== undefined && <dd className="mt-0.5 text-xs text-muted-foreground">{hint}</dd>}
        </div>
      ))}
    </dl>
  )
}
