import type { Answers, Upstream } from "@entrepot/client"
import { noon } from "./jobs.ts"

const hub: Upstream = {
  id: 1,
  name: "Docker Hub",
  registry: "docker.io",
  url: "https://registry-1.docker.io",
  pathPrefix: "",
  priority: 30,
  enabled: true,
  virtualHosts: [],
  tagLifetimeMs: null,
  tlsVerify: true,
  username: null,
  version: 2,
  createdAt: noon - 90 * 86_400_000,
  updatedAt: noon - 86_400_000,
  hasPassword: false,
  hasCa: false,
  configured: false,
  pinned: false,
  health: null,
}

const works: NonNullable<Upstream["health"]> = {
  upstreamId: 1,
  host: "registry-1.docker.io",
  circuit: "closed",
  retryAt: null,
  lastSuccessAt: noon - 4_000,
  lastFailureAt: null,
  lastError: null,
  latencyMs: 182,
  pulls: { limit: 100, remaining: 7, windowS: 21_600 },
}

const failure = { lastFailureAt: noon - 1_000, lastError: "network: connection refused by mirror.frankfurt.example.com" }

/** One in every standing, the configuration's, and one with everything that can be said of one. */
export const upstreams: Answers["upstreams"]["list"] = {
  keepsPasswords: true,
  upstreams: [
    {
      ...hub,
      id: 0,
      name: "UPSTREAM_REGISTRY",
      url: "http://cache.example.com:5000",
      priority: -1,
      configured: true,
      pinned: true,
      health: { ...works, upstreamId: 0, latencyMs: 3, pulls: null },
    },
    {
      ...hub,
      id: 10,
      name: "Mirror in Frankfurt, with a name that is rather longer than one would choose",
      url: "https://mirror.frankfurt.example.com",
      pathPrefix: "dockerhub-cache",
      priority: 10,
      virtualHosts: ["hub.mirror.example.com", "docker.mirror.example.com:5000"],
      tagLifetimeMs: 300_000,
      tlsVerify: false,
      username: "robot$mirror",
      hasPassword: true,
      hasCa: true,
      health: { ...works, ...failure, upstreamId: 10, circuit: "open", retryAt: noon + 40_000, latencyMs: 41, pulls: null },
    },
    {
      ...hub,
      id: 11,
      name: "上海镜像",
      url: "https://mirror.example.cn",
      priority: 20,
      health: { ...works, ...failure, pulls: null },
    },
    { ...hub, health: works },
    { ...hub, id: 2, name: "GitHub Packages", registry: "ghcr.io", url: "https://ghcr.io", username: "ci" },
    {
      ...hub,
      id: 3,
      name: "Quay",
      registry: "quay.io",
      url: "https://quay.io",
      health: { ...works, ...failure, lastSuccessAt: null, circuit: "half-open", retryAt: noon, latencyMs: null, pulls: null },
    },
    { ...hub, id: 4, name: "Kubernetes", registry: "registry.k8s.io", url: "https://registry.k8s.io", enabled: false },
  ],
}
