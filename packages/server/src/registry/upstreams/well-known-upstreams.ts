import { type Database, NameTaken, type UpstreamRecord } from "@entrepot/db/stores"

/** Registries that everybody pulls from, by the name that images give them. */
const wellKnown: readonly (readonly [name: string, registry: string, url: string])[] = [
  ["Docker Hub", "docker.io", "https://registry-1.docker.io"],
  ["Google Container Registry", "gcr.io", "https://gcr.io"],
  ["GitHub Packages", "ghcr.io", "https://ghcr.io"],
  ["Quay", "quay.io", "https://quay.io"],
  ["Kubernetes", "registry.k8s.io", "https://registry.k8s.io"],
  ["Microsoft", "mcr.microsoft.com", "https://mcr.microsoft.com"],
  ["Amazon ECR Public", "public.ecr.aws", "https://public.ecr.aws"],
  ["NVIDIA", "nvcr.io", "https://nvcr.io"],
  ["Elastic", "docker.elastic.co", "https://docker.elastic.co"],
]

const seededKey = "upstreams.seeded"

/** What an upstream is when nothing else is said. */
export const plainUpstream = {
  pathPrefix: "",
  priority: 100,
  enabled: true,
  virtualHosts: [],
  tagLifetimeMs: null,
  tlsVerify: true,
  ca: null,
  username: null,
  sealed: null,
  version: 1,
} as const satisfies Partial<UpstreamRecord>

/** Puts the well-known registries into a new database: once, so that one that was removed stays away. Several processes may try at once. */
export async function seedUpstreams({ config, upstreams }: Pick<Database, "config" | "upstreams">, at: number): Promise<void> {
  if ((await config.get(seededKey)) !== undefined) return
  for (const [name, registry, url] of wellKnown) {
    try {
      await upstreams.create({ ...plainUpstream, name, registry, url }, at)
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error
    }
  }
  await config.set(seededKey, String(at), at)
}
