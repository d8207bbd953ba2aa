import { storeContract } from "./contract/store-contract.ts"
import { sqliteStorage } from "./database.fixture.ts"

storeContract(sqliteStorage)
