import type { Database } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { AuditTrail } from "../accounts/audit-trail.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import type { LiveSettings } from "./live-settings.ts"
import { checkSavedSettings, type SavedSettings, type SettingsInForce, settingValues } from "./saved-settings.ts"
import type { SettingsChanges, SettingsService, SettingsView, SettingView } from "./settings-service.ts"

interface SettingsServiceOptions {
  readonly stores: Pick<Database, "audit">
  readonly live: LiveSettings
  readonly log: Log
  readonly now: () => number
}

/** The settings service, over the settings that hold in this process. */
export function createSettingsService({ stores, live, log, now }: SettingsServiceOptions): SettingsService {
  const trail = new AuditTrail(stores.audit, log, now)
  return {
    async get(actor: Actor): Promise<SettingsView> {
      requireScope(actor, "admin")
      await live.refresh()
      return viewOf(live)
    },

    async update(actor: Actor, changes: SettingsChanges): Promise<SettingsView> {
      requireScope(actor, "admin")
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      for (const [name, value] of given) checkValue(name, value)
      if (given.length > 0) {
        await live.save((saved) => edited(saved, given))
        await trail.ok(actor, "settings.update", given.map(([name, value]) => `${name}=${value ?? "unlimited"}`).join(" "))
      }
      return viewOf(live)
    },
  }
}

/** @throws ServiceError `invalid`. */
function checkValue(name: string, value: unknown): void {
  if (!isSettingName(name)) throw new ServiceError("invalid", "there is no such setting")
  if (value === "configured" || settingValues[name].safeParse(value).success) return
  throw new ServiceError("invalid", `${name} is out of bounds`)
}

function isSettingName(name: string): name is keyof SettingsInForce {
  return Object.hasOwn(settingValues, name)
}

function edited(saved: SavedSettings, changes: readonly (readonly [string, unknown])[]): SavedSettings {
  const next = new Map<string, unknown>(Object.entries(saved))
  for (const [name, value] of changes) {
    if (value === "configured") next.delete(name)
    else next.set(name, value)
  }
  return checkSavedSettings(Object.fromEntries(next))
}

function viewOf({ values, saved, configured }: LiveSettings): SettingsView {
  const view = <Name extends keyof SettingsInForce>(name: Name): SettingView<SettingsInForce[Name]> => ({
    value: values[name],
    configured: configured[name],
    saved: Object.hasOwn(saved, name),
  })
  return {
    jobConcurrency: view("jobConcurrency"),
    jobsPerOwner: view("jobsPerOwner"),
    limitRate: view("limitRate"),
    keepDays: view("keepDays"),
  }
}
