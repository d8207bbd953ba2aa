import { Skeleton } from "../../components/ui/skeleton.tsx"

/** The place of the figures that are on their way. */
export function StatisticsSkeleton() {
  return (
    <>
      <div className="grid grid-cols-2 gap-4 lg:grid-cols-5">
        {["jobs", "rate", "sent", "saved", "speed"].map((name) => (
          <Skeleton key={name} className="h-[6.75rem]" />
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
