import type { MakeStorage } from "../database.fixture.ts"
import { accountStoreContract } from "./account-store-contract.ts"
import { batchStoreContract } from "./batch-store-contract.ts"
import { followStoreContract } from "./follow-store-contract.ts"
import { historyStoreContract } from "./history-store-contract.ts"
import { injectionStoreContract } from "./injection-store-contract.ts"
import { jobStoreContract } from "./job-store-contract.ts"
import { settingsStoreContract } from "./settings-store-contract.ts"
import { statisticsStoreContract } from "./statistics-store-contract.ts"

/** Everything that the stores promise, for each dialect. */
export function storeContract(makeStorage: MakeStorage): void {
  jobStoreContract(makeStorage)
  batchStoreContract(makeStorage)
  historyStoreContract(makeStorage)
  followStoreContract(makeStorage)
  accountStoreContract(makeStorage)
  settingsStoreContract(makeStorage)
  statisticsStoreContract(makeStorage)
  injectionStoreContract(makeStorage)
}
