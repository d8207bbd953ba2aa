import type { Schedule, UserStore } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { isPermitted } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"

/**
 * On whose behalf a schedule's jobs are started: its owner, with the role of today.
 * @throws ServiceError `forbidden` when the owner is gone, disabled, or may start no jobs any more.
 */
export async function actorOfSchedule(users: Pick<UserStore, "get">, schedule: Schedule): Promise<Actor> {
  const owner = await users.get(schedule.ownerId)
  if (owner === undefined || owner.disabled) {
    throw new ServiceError("forbidden", `the account that made the schedule ${schedule.name} has ended`)
  }
  const actor: Actor = {
    userId: owner.id,
    name: owner.name,
    role: owner.role,
    via: "terminal",
    mustChange: false,
    credentialId: `schedule ${schedule.id}`,
    address: "",
  }
  if (isPermitted(actor, "jobs:write")) return actor
  throw new ServiceError("forbidden", `${owner.name}, who made the schedule ${schedule.name}, may start no jobs any more`)
}
