import { Skeleton } from "./skeleton.tsx"

/** The place of rows that are on their way; `className` gives them the height they will have. */
export function PendingRows({ count, className }: { readonly count: number; readonly className: string }) {
  return (
    <div className="space-y-4 px-4 pb-5 sm:px-6">
      {Array.from({ length: count }, (_, row) => row).map((row) => (
        <Skeleton key={row} className={className} />
      ))}
    </div>
  )
}
