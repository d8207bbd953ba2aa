import { useQuery } from "@tanstack/react-query"
import { useTRPC } from "./trpc.ts"

/** The host of this server's own registry, as references name it: `mirror.example.com`; undefined until it is known. */
export function useOwnRegistry(): string | undefined {
  const trpc = useTRPC()
  return useQuery(trpc.registry.place.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY })).data?.host
}

/** Whether a target's address or an image's name lies at that registry; false for one that is not known. */
export function isAtRegistry(name: string, host: string | undefined): boolean {
  return host !== undefined && (name === host || name.startsWith(`${host}/`))
}
