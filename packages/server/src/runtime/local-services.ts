import type { Database, Job } from "@entrepot/db/stores"
import type { AccountService } from "../accounts/account-service.ts"
import type { Actor } from "../accounts/actor.ts"
import { createAccountService } from "../accounts/create-account-service.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import { requireVisible } from "../jobs/job-rights.ts"
import { terminalActor } from "../jobs/record/terminal-actor.ts"
import { createTargetService } from "../targets/create-target-service.ts"
import type { TargetService } from "../targets/target-service.ts"
import { openDatabase } from "./open-database.ts"

/** What the command line does with the application's database besides reading it, whether a server runs or not. */
export interface LocalServices {
  /** Who sits at the terminal. */
  readonly actor: Actor
  readonly targets: TargetService
  readonly accounts: Pick<AccountService, "resetToken">
  /**
   * Puts a job back into the queue, for the server to run. Credentials are the server's to remember, where it does.
   * @throws ServiceError `not_found`; `conflict` for a job of a terminal, and where there is nothing to retry.
   */
  retry(id: number): Promise<Job>
  close(): Promise<void>
}

/** Opens the database for these services; nothing is run. @throws when it cannot be opened. */
export async function openLocalServices(
  configuration: Pick<Configuration, "database" | "accounts" | "hosts">,
  now: () => number = Date.now,
): Promise<LocalServices> {
  const database = await openDatabase(configuration)
  try {
    return await servicesOf(database, configuration, now)
  } catch (error) {
    await database.close()
    throw error
  }
}

async function servicesOf(
  database: Database,
  { accounts: settings, hosts }: Pick<Configuration, "accounts" | "hosts">,
  now: () => number,
): Promise<LocalServices> {
  const { jobs } = database
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const actor = await terminalActor(database, now)
  return {
    actor,
    targets: createTargetService({ stores: database, masterKeys: settings.masterKeys, hosts, log, now }),
    accounts: createAccountService({ stores: database, settings, log, now }),
    retry: async (id) => {
      const job = requireVisible(actor, await jobs.get(id))
      if (job.runner === "terminal") {
        throw new ServiceError("conflict", "a copy of the command line is repeated there: run the same command again")
      }
      if (await jobs.retry(id, now())) return requireVisible(actor, await jobs.get(id))
      throw new ServiceError("conflict", "the job is under way, or in the queue, or has succeeded: there is nothing to retry")
    },
    close: () => database.close(),
  }
}
