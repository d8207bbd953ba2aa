import { EntrepotError } from "@entrepot/client"
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query"

/** Of tRPC's keys: what asks who is logged in. */
const meKey = [["accounts", "me"]]

/** What is remembered of the application's answers. A session that has ended is noticed by whichever question comes first. */
export function createQueryClient(): QueryClient {
  const onError = (error: Error, asksForMe: boolean) => {
    if (!asksForMe && error instanceof EntrepotError && error.httpStatus === 401) client.invalidateQueries({ queryKey: meKey })
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, { queryKey }) => onError(error, String(queryKey[0]) === "accounts,me") }),
    mutationCache: new MutationCache({ onError: (error) => onError(error, false) }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isTemporary(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
    },
  })
  return client
}

/** The application was out of reach, and may be back soon; what it says no to, it says no to again. */
function isTemporary(error: Error): boolean {
  return error instanceof EntrepotError && (error.code === "unreachable" || error.code === "unavailable")
}
