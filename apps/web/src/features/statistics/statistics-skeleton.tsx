import { classNames } from "../../components/class-names.ts"
import { Skeleton } from "../../components/ui/skeleton.tsx"

/** The place of the figures that are on their way, with so many tiles. */
export function StatisticsSkeleton({ tiles }: { readonly tiles: 5 | 6 }) {
  const isOdd = tiles === 5
  return (
    <>
      <div className={classNames("grid grid-cols-2 gap-4", isOdd ? "lg:grid-cols-5" : "lg:grid-cols-3")}>
        {Array.from({ length: tiles }, (_, place) => `tile ${place}`).map((name) => (
          <Skeleton key={name} className={classNames("h-[6.75rem]", isOdd && "first:col-span-2 lg:first:col-span-1")} />
        ))}
      </div>
      <div className="grid gap-6 xl:grid-cols-2">
        <Skeleton className="h-[22rem] xl:col-span-2" />
        <Skeleton className="h-[22rem]" />
        <Skeleton className="h-[22rem]" />
      </div>
    </>
  )
}
