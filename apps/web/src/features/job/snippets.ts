import type { Job } from "@entrepot/client"

/** What to type or paste to use an image that has arrived. */
export interface Snippets {
  readonly pull: string
  /** The line of a pod's container, with the digest where it is known: nothing else will ever run there. */
  readonly kubernetes: string
}

/** Undefined for places that are no registry. */
export function snippetsOf(
  { target, request }: { readonly target: string; readonly request: Pick<Job["request"], "target"> },
  digest: string | undefined,
): Snippets | undefined {
  if (!request.target.startsWith("docker://")) return undefined
  const pinned = digest === undefined || target.includes("@") ? target : `${target}@${digest}`
  return { pull: `docker pull ${target}`, kubernetes: `image: ${pinned}` }
}
