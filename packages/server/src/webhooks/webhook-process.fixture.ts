import { openDatabase } from "@entrepot/db"
import { silentLog, testConfiguration } from "../runtime/runtime-settings.fixture.ts"
import { openWebhooks } from "./open-webhooks.ts"

/** Run as its own process: `DIRECTORY LEASE_MS` sends what is due in that directory's database, until it is killed. */
const [directory = "", leaseMs = "30000"] = process.argv.slice(2)
const configuration = testConfiguration(directory)
const database = await openDatabase(configuration.database)
const webhooks = openWebhooks({
  ...{ configuration, database, proxies: {}, denied: [], log: silentLog, now: Date.now },
  leaseMs: Number(leaseMs),
})
webhooks.start()
process.stdout.write("ready\n")
