const samples: Readonly<Record<string, string>> = {
  "docker.io": "library/nginx",
  "gcr.io": "distroless/static-debian12",
  "mcr.microsoft.com": "dotnet/runtime-deps",
  "quay.io": "prometheus/prometheus",
  "registry.k8s.io": "pause:3.10",
}

/** Whether there is an image of it to try, and not a pattern alone. */
export function hasSample(registry: string): boolean {
  return Object.hasOwn(samples, registry)
}

/** An image to try a registry with, without the registry's name: one that everybody may pull, or a pattern to fill in. */
export function sampleImage(registry: string): string {
  return (hasSample(registry) ? samples[registry] : undefined) ?? "NAME/IMAGE:TAG"
}
