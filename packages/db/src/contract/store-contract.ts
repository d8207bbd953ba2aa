import type { MakeStorage } from "../database.fixture.ts"
import { jobStoreContract } from "./job-store-contract.ts"

/** Everything that the stores promise, for each dialect. */
export function storeContract(makeStorage: MakeStorage): void {
  jobStoreContract(makeStorage)
}
