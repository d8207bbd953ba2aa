import type { Upstream } from "@entrepot/client"

/** One that nobody has asked yet. */
export function upstreamWith(changes: Partial<Upstream>): Upstream {
  return {
    id: 1,
    name: "Docker Hub",
    registry: "docker.io",
    url: "https://registry-1.docker.io",
    pathPrefix: "",
    priority: 100,
    enabled: true,
    virtualHosts: [],
    tagLifetimeMs: null,
    tlsVerify: true,
    username: null,
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    hasPassword: false,
    hasCa: false,
    configured: false,
    pinned: false,
    health: null,
    ...changes,
  }
}
