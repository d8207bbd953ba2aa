import type { Actor } from "../accounts/actor.ts"
import type { SavedSettings, SettingsInForce } from "./saved-settings.ts"

/** One setting as it stands now. */
export interface SettingView<Value> {
  /** What is in force. */
  readonly value: Value
  /** What environment, config.toml or the default say; it is in force where nothing is saved. */
  readonly configured: Value
  /** Whether an administrator has saved a value over the configured one. */
  readonly saved: boolean
}

/** All settings that can be changed while the server runs. */
export type SettingsView = { readonly [Name in keyof SettingsInForce]: SettingView<SettingsInForce[Name]> }

/** What is to be saved; `configured` forgets what was saved, and what is absent stays. */
export type SettingsChanges = { readonly [Name in keyof SavedSettings]?: SettingsInForce[Name] | "configured" }

/** Settings that can be changed while the server runs. They are administrators' to see and to change. */
export interface SettingsService {
  get(actor: Actor): Promise<SettingsView>
  /**
   * Saves, and brings into force at once: here before this resolves, in other processes over the same database within seconds.
   * @throws ServiceError `invalid` for a value out of bounds.
   */
  update(actor: Actor, changes: SettingsChanges): Promise<SettingsView>
}
