import type { MakeStorage } from "../database.fixture.ts"
import { accessLogStoreContract } from "./access-log-store-contract.ts"
import { accountStoreContract } from "./account-store-contract.ts"
import { administrationStoreContract } from "./administration-store-contract.ts"
import { batchStoreContract } from "./batch-store-contract.ts"
import { followStoreContract } from "./follow-store-contract.ts"
import { garbageStoreContract } from "./garbage-store-contract.ts"
import { historyStoreContract } from "./history-store-contract.ts"
import { injectionStoreContract } from "./injection-store-contract.ts"
import { jobStoreContract } from "./job-store-contract.ts"
import { registrySettingsStoreContract } from "./registry-settings-store-contract.ts"
import { servedStoreContract } from "./served-store-contract.ts"
import { settingsStoreContract } from "./settings-store-contract.ts"
import { statisticsStoreContract } from "./statistics-store-contract.ts"
import { toldEndsContract } from "./told-ends-contract.ts"
import { warehouseStoreContract } from "./warehouse-store-contract.ts"
import { webhookStoreContract } from "./webhook-store-contract.ts"

/** Everything that the stores promise, for each dialect. */
export function storeContract(makeStorage: MakeStorage): void {
  jobStoreContract(makeStorage)
  batchStoreContract(makeStorage)
  historyStoreContract(makeStorage)
  followStoreContract(makeStorage)
  accountStoreContract(makeStorage)
  settingsStoreContract(makeStorage)
  statisticsStoreContract(makeStorage)
  warehouseStoreContract(makeStorage)
  garbageStoreContract(makeStorage)
  registrySettingsStoreContract(makeStorage)
  accessLogStoreContract(makeStorage)
  administrationStoreContract(makeStorage)
  servedStoreContract(makeStorage)
  webhookStoreContract(makeStorage)
  toldEndsContract(makeStorage)
  injectionStoreContract(makeStorage)
}
