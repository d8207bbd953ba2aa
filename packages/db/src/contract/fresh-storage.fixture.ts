import { afterEach, beforeEach } from "vitest"
import type { MakeStorage, TestStorage } from "../database.fixture.ts"
import type { Database } from "../stores.ts"

/** What one test works on: a storage that nothing was kept in, and one opening of it. */
export interface FreshStorage {
  readonly storage: TestStorage
  readonly database: Database
}

/** A storage for each test of the `describe` that this is called in; to be read from inside the tests. */
export function freshStorage(makeStorage: MakeStorage): FreshStorage {
  let current: FreshStorage | undefined
  beforeEach(async () => {
    const storage = await makeStorage()
    current = { storage, database: await storage.open() }
  })
  afterEach(async () => {
    const last = current
    current = undefined
    await last?.storage[Symbol.asyncDispose]()
  })
  const now = (): FreshStorage => {
    if (current === undefined) throw new Error("there is no storage outside a test")
    return current
  }
  return {
    get storage() {
      return now().storage
    },
    get database() {
      return now().database
    },
  }
}
