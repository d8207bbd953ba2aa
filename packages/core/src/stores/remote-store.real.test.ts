import { dockerRegistry, needs } from "@entrepot/testing"
import { describe } from "vitest"
import { testHttp } from "./remote/remote.fixture.ts"
import { openRemote } from "./remote/remote-store.ts"
import { describeStoreContract } from "./store-contract.ts"

describe.skipIf(needs("docker-registry"))("with docker-registry", () => {
  describeStoreContract("a remote", async () => {
    const registry = await dockerRegistry()
    const http = testHttp()
    const open = async (side: "source" | "target") => openRemote({ host: registry.host, repository: "contract/test", http, side })
    return {
      openTarget: () => open("target"),
      openSource: () => open("source"),
      dispose: async () => {
        await http[Symbol.asyncDispose]()
        await registry[Symbol.asyncDispose]()
      },
    }
  })
})
