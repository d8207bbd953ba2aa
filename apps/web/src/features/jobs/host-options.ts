import type { JobHost } from "@entrepot/client"

/** Registries to choose from, each once, most used first; the chosen one among them, though nothing may be known of it. */
export function hostOptions(
  hosts: readonly JobHost[],
  chosen: string,
): readonly { readonly host: string; readonly jobs: number }[] {
  const counts = new Map<string, number>()
  for (const { host, jobs } of hosts) counts.set(host, (counts.get(host) ?? 0) + jobs)
  if (chosen !== "" && !counts.has(chosen)) counts.set(chosen, 0)
  return [...counts].map(([host, jobs]) => ({ host, jobs })).sort((one, other) => other.jobs - one.jobs)
}
