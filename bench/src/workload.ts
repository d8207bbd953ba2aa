import {
  type FaultProxy,
  faultProxy,
  image,
  index,
  type LinkOptions,
  type LinkProxy,
  layer,
  linkProxy,
  type ProxyRule,
  type TestImage,
} from "../../packages/testing/src/index.ts"

import type { CopyTask } from "./peer.ts"

const MiB = 1024 * 1024

/** Something to copy, and what lies in the way. */
export interface Workload {
  readonly name: string
  readonly title: string
  /** Images by tag; one for a copy, many for all tags of a repository. Undefined where programs only start. */
  readonly images?: () => Readonly<Record<string, TestImage>>
  readonly kind: CopyTask["kind"] | "idle"
  /** What stands before the source or the target; made anew for each run. */
  readonly link?: { readonly end: "source" | "target"; readonly open: (host: string) => Promise<FaultProxy | LinkProxy> }
  /** Runs at most, where one takes long; a link's own time leaves little to vary. */
  readonly mostRuns?: number
  /** The target holds it all before the first run. */
  readonly unchanged?: boolean
}

const platforms = ["amd64", "arm64", "s390x", "ppc64le"]

function link(options: LinkOptions) {
  return { end: "source" as const, open: (host: string) => linkProxy(host, options) }
}

function faulty(end: "source" | "target", rules: readonly ProxyRule[]) {
  return { end, open: (host: string) => faultProxy(host, rules) }
}

function oneImage(seed: string, sizes: readonly number[]): () => Readonly<Record<string, TestImage>> {
  return () => ({ "1": image({ seed: `bench ${seed}`, layers: sizes.map((sizeBytes) => ({ sizeBytes })) }) })
}

/** 200 tags, 225 layers (25 of them shared by many) and 200 configs. */
function sharingTags(): Readonly<Record<string, TestImage>> {
  const shared = Array.from({ length: 25 }, (_, at) => layer({ seed: `shared ${at}`, sizeBytes: 512 * 1024 }))
  return Object.fromEntries(
    Array.from({ length: 200 }, (_, at) => {
      const base = shared.slice(at % 20, (at % 20) + 5)
      return [`v${at}`, image({ seed: `tag ${at}`, layers: [...base, layer({ seed: `own ${at}`, sizeBytes: 32 * 1024 })] })]
    }),
  )
}

const gib = [600 * MiB, ...Array.from({ length: 4 }, () => 85 * MiB), 84 * MiB]
const uploads = [100 * MiB, 50 * MiB, 50 * MiB]

export const workloads: readonly Workload[] = [
  { name: "start-up", title: "start, print the version", kind: "idle" },
  { name: "one-mib", title: "mirror of a 1 MiB image, loopback", kind: "mirror", images: oneImage("one-mib", [1 * MiB]) },
  { name: "one-gib", title: "1 GiB in 6 layers (one of 600 MiB), loopback", kind: "image", images: oneImage("one-gib", gib) },
  {
    name: "forty-layers",
    title: "40 layers of 2 to 10 MiB, loopback",
    kind: "image",
    images: oneImage(
      "forty",
      Array.from({ length: 40 }, (_, at) => (2 + ((at * 7) % 9)) * MiB),
    ),
  },
  {
    name: "four-platforms",
    title: "index of 4 platforms, 4 layers of 10 MiB each, loopback",
    kind: "image",
    images: () => {
      const one = (architecture: string) => {
        const layers = Array.from({ length: 4 }, () => ({ sizeBytes: 10 * MiB }))
        return image({ seed: `bench ${architecture}`, platform: { os: "linux", architecture }, layers })
      }
      return { "1": index(platforms.map(one)) }
    },
  },
  { name: "tags", title: "200 tags sharing 425 blobs, loopback", kind: "tags", images: sharingTags },
  { name: "tags-again", title: "the same again, nothing changed", kind: "tags", images: sharingTags, unchanged: true },
  {
    name: "per-connection",
    title: "256 MiB in 5 layers (one of 150), 2 MB/s a connection, 20 MB/s link",
    kind: "image",
    images: oneImage("per-connection", [150 * MiB, 27 * MiB, 27 * MiB, 26 * MiB, 26 * MiB]),
    link: link({ perConnectionBytesPerSecond: 2e6, bandwidthBitsPerSecond: 160e6 }),
    mostRuns: 1,
  },
  {
    name: "long-lossy",
    title: "24 MiB, 180 ms round trip, 0.5 % loss, 200 Mbit/s",
    kind: "image",
    images: oneImage("long", [24 * MiB]),
    link: link({ rttMs: 180, lossRate: 0.005, bandwidthBitsPerSecond: 200e6 }),
    mostRuns: 3,
  },
  {
    name: "resets",
    title: "1 GiB, every connection to the source reset after 50 MiB",
    kind: "image",
    images: oneImage("one-gib", gib),
    link: faulty("source", [{ as: "reset", after: 50 * MiB }]),
    mostRuns: 3,
  },
  {
    name: "upload-stops",
    title: "200 MiB, after 20 MiB of uploads the connection that carries them stops moving for good",
    kind: "image",
    images: oneImage("uploads", uploads),
    link: faulty("target", [{ as: "stall", direction: "toServer", after: 20 * MiB, of: "all", times: 1 }]),
    mostRuns: 1,
  },
  {
    name: "upload-pauses",
    title: "200 MiB, after 20 MiB of uploads the connection that carries them stalls for 20 s",
    kind: "image",
    images: oneImage("uploads", uploads),
    link: faulty("target", [{ as: "stall", direction: "toServer", after: 20 * MiB, of: "all", forMs: 20_000, times: 1 }]),
    mostRuns: 1,
  },
]
