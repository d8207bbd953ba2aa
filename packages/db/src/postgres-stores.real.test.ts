import { needsPostgres, type PostgresServer, postgresServer } from "@entrepot/testing"
import { afterAll, beforeAll, describe } from "vitest"
import { storeContract } from "./contract/store-contract.ts"
import { postgresStorage } from "./database.fixture.ts"
import { openDatabase } from "./open-database.ts"

describe.skipIf(needsPostgres())("on PostgreSQL", () => {
  let server: PostgresServer
  let template: string

  beforeAll(async () => {
    server = await postgresServer()
    template = await server.createDatabase()
    await (await openDatabase({ kind: "postgres", url: server.url(template) })).close()
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  storeContract(() => postgresStorage(server, template))
})
