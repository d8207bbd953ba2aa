import type { AccessRecord } from "@entrepot/db/stores"
import type { AccessFilter } from "./access-log-service.ts"

/** Whether the list would show the entry under this filter. */
export function matchesFilter(entry: AccessRecord, { user, address, action, repository, cache, status }: AccessFilter): boolean {
  return (
    (user === undefined || entry.user === user) &&
    (address === undefined || entry.address === address) &&
    (action === undefined || entry.action === action) &&
    (cache === undefined || entry.cache === cache) &&
    (status === undefined || (status < 100 ? Math.floor(entry.status / 100) === status : entry.status === status)) &&
    (repository === undefined || isWithin(entry.repository, repository))
  )
}

function isWithin(name: string, repository: string): boolean {
  return repository.endsWith("/") ? name.startsWith(repository) : name === repository
}
