import { EntrepotError } from "@entrepot/client"
import { MutationCache, QueryCache, QueryClient, type QueryKey } from "@tanstack/react-query"

/** Of tRPC's keys: what asks who is logged in. */
const meKey = [["accounts", "me"]]

/**
 * What is remembered of the application's answers, for one user at a time. A session that has ended is noticed by whichever question comes first.
 * What is sent with a change, which may be a password, is remembered no longer than the change takes.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: Error, asksForMe: boolean) => {
    if (!asksForMe && isLoggedOut(error)) client.invalidateQueries({ queryKey: meKey })
  }
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error, { queryKey }) => onError(error, asksForMe(queryKey)) }),
    mutationCache: new MutationCache({
      onError: (error) => onError(error, false),
      onSettled: (_data, _error, _variables, _context, mutation) => {
        mutation.state = { ...mutation.state, variables: undefined }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // The application may be on this machine, which browsers know no network to.
        networkMode: "always",
        refetchOnReconnect: true,
        retry: (failures, error) => failures < 2 && isTemporary(error),
        retryDelay: (failures) => 500 * 2 ** failures,
      },
      mutations: { networkMode: "always" },
    },
  })
  forgetWithUser(client)
  return client
}

/** Nothing of the one who left is shown to the next (S15). */
function forgetWithUser(client: QueryClient): void {
  let userId: unknown
  const predicate = ({ queryKey }: { readonly queryKey: QueryKey }) => !asksForMe(queryKey)
  client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || !asksForMe(event.query.queryKey)) return
    const { data, error } = event.query.state
    const now = isLoggedOut(error) ? undefined : userOf(data)
    const before = userId
    userId = now
    if (before === undefined || before === now) return
    client.removeQueries({ predicate, ...(now === undefined ? {} : { type: "inactive" }) })
    if (now !== undefined) void client.resetQueries({ predicate })
  })
}

function userOf(me: unknown): unknown {
  return typeof me === "object" && me !== null && "userId" in me ? me.userId : undefined
}

function asksForMe(queryKey: QueryKey): boolean {
  return String(queryKey[0]) === "accounts,me"
}

function isLoggedOut(error: Error | null): boolean {
  return error instanceof EntrepotError && error.httpStatus === 401
}

/** The application was out of reach, and may be back soon; what it says no to, it says no to again. */
function isTemporary(error: Error): boolean {
  return error instanceof EntrepotError && (error.code === "unreachable" || error.code === "unavailable")
}
