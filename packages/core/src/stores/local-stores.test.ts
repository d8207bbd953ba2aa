import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SourceStore, TargetStore } from "../content/store.ts"
import { parseReference } from "../reference/index.ts"
import { openCache } from "./cache/cache-store.ts"
import { openDockerArchive } from "./docker-archive/docker-archive-source.ts"
import { createDockerArchive } from "./docker-archive/docker-archive-target.ts"
import { openOciArchive } from "./oci-archive/oci-archive-source.ts"
import { createOciArchive } from "./oci-archive/oci-archive-target.ts"
import { openOciLayout } from "./oci-layout/oci-layout-store.ts"
import { type ContractOptions, type ContractPlace, describeStoreContract } from "./store-contract.ts"

interface LocalPlace {
  readonly target: (directory: string) => Promise<TargetStore>
  readonly source: (directory: string) => Promise<SourceStore>
}

function describeLocalStore(name: string, { target, source }: LocalPlace, options?: ContractOptions): void {
  const make = async (): Promise<ContractPlace> => {
    const directory = await mkdtemp(join(tmpdir(), "contract-"))
    return {
      openTarget: () => target(directory),
      openSource: () => source(directory),
      dispose: async () => {
        const rest = await readdir(directory)
        await rm(directory, { recursive: true })
        if (rest.some((file) => file.includes(".partial-"))) throw new Error(`left behind: ${rest.join(" ")}`)
      },
    }
  }
  describeStoreContract(name, make, options)
}

describeLocalStore("an OCI layout", {
  target: (directory) => openOciLayout(join(directory, "layout"), { create: true }),
  source: (directory) => openOciLayout(join(directory, "layout")),
})

describeLocalStore("an OCI archive", {
  target: (directory) => createOciArchive(join(directory, "image.tar")),
  source: (directory) => openOciArchive(join(directory, "image.tar")),
})

describeLocalStore(
  "a Docker archive",
  {
    target: (directory) => createDockerArchive(join(directory, "image.tar"), parseReference("example.com/team/app")),
    source: (directory) => openDockerArchive(join(directory, "image.tar")),
  },
  { takesIndexes: false },
)

describeLocalStore("the cache", {
  target: (directory) => openCache(directory, "library/test", { write: true }),
  source: (directory) => openCache(directory, "library/test"),
})
