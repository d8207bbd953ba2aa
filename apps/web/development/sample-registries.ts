import { image, index, type LinkProxy, linkProxy, type TestRegistry, testRegistry } from "@entrepot/testing"

export interface SampleRegistries {
  readonly source: TestRegistry
  /** The source, over a link so slow that a copy takes minutes. */
  readonly slow: LinkProxy
  /** Says that it was asked too often. */
  readonly limited: TestRegistry
  readonly target: TestRegistry
  close(): Promise<void>
}

const mib = 1024 * 1024

/** Registries of this process, with images whose every byte is made up. */
export async function sampleRegistries(): Promise<SampleRegistries> {
  const app = (seed: string, ...sizes: readonly number[]) => image({ seed, layers: sizes.map((sizeBytes) => ({ sizeBytes })) })
  const source = await testRegistry({
    images: {
      "library/nginx:1.27": index([
        app("nginx/amd64", 3 * mib, 9 * mib, 1024),
        image({ seed: "nginx/arm64", platform: { os: "linux", architecture: "arm64" }, layers: [{ sizeBytes: 8 * mib }] }),
      ]),
      "library/redis:7": app("redis", 4 * mib, 700 * 1024),
      "library/broken:1": app("broken", 2 * mib),
      "library/large:1": app("large", 24 * mib, 18 * mib, 6 * mib),
      "library/larger:1": app("larger", 40 * mib, 30 * mib),
      "team/tools:2": app("tools", 5 * mib),
    },
  })
  source.fail("GET blob", { as: "corrupt", repository: "library/broken", times: Number.POSITIVE_INFINITY })
  const limited = await testRegistry({ images: { "library/busy:1": app("busy", mib) } })
  const tooMany = { as: "status", status: 429, headers: { "retry-after": "900" }, times: Number.POSITIVE_INFINITY } as const
  for (const method of ["GET *", "HEAD *"]) limited.fail(method, tooMany)
  const slow = await linkProxy(source.host, { bandwidthBitsPerSecond: 1_600_000 })
  const target = await testRegistry()
  return {
    source,
    slow,
    limited,
    target,
    async close() {
      await slow[Symbol.asyncDispose]()
      for (const registry of [source, limited, target]) await registry.close()
    },
  }
}
