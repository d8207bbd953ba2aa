import type { ConfigStore } from "@entrepot/db/stores"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { checkSavedSettings, configuredSettings, type SavedSettings, type SettingsInForce } from "./saved-settings.ts"
import { SavedState } from "./saved-state.ts"

interface LiveSettingsOptions {
  readonly config: Pick<ConfigStore, "get" | "replace">
  readonly configuration: Pick<Configuration, "jobs">
  readonly log: Log
  readonly now: () => number
}

const key = "settings"
const mostTries = 20

/** The settings that hold now: what is saved in the database, over what is configured. */
export class LiveSettings {
  readonly configured: SettingsInForce
  readonly #options: LiveSettingsOptions
  readonly #state: SavedState<string | undefined>
  readonly #listeners = new Set<(values: SettingsInForce) => void>()
  #saved: SavedSettings = {}
  #values: SettingsInForce
  /** As read last; undefined: nothing was saved ever. */
  #text: string | undefined

  constructor(options: LiveSettingsOptions) {
    this.#options = options
    this.configured = configuredSettings(options.configuration)
    this.#values = this.configured
    this.#state = new SavedState({
      what: "the saved settings",
      read: () => options.config.get(key),
      apply: (text) => this.#apply(text),
      log: options.log,
    })
  }

  get values(): SettingsInForce {
    return this.#values
  }

  get saved(): SavedSettings {
    return this.#saved
  }

  /** From now on takes over what other processes save, until it is stopped. */
  watch(): void {
    this.#state.watch()
  }

  async stop(): Promise<void> {
    this.#listeners.clear()
    await this.#state.stop()
  }

  /** Returns how to stop being told. Listeners do not throw. */
  subscribe(listener: (values: SettingsInForce) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Brings into force what is saved now. @throws when the database does not answer. */
  refresh(): Promise<void> {
    return this.#state.refresh()
  }

  /** Saves what `edit` makes of what is saved; it is in force when this resolves. @throws ServiceError `conflict`. */
  save(edit: (saved: SavedSettings) => SavedSettings): Promise<void> {
    const { config, now } = this.#options
    return this.#state.inTurn(async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        this.#state.take(await config.get(key))
        const text = JSON.stringify(edit(this.#saved))
        if (await config.replace(key, this.#text, text, now())) return this.#state.take(text)
      }
      throw new ServiceError("conflict", "the settings are being changed by somebody else; try again")
    })
  }

  #apply(text: string | undefined): void {
    this.#text = text
    this.#saved = this.#read(text)
    this.#values = { ...this.configured, ...this.#saved }
    for (const listener of [...this.#listeners]) listener(this.#values)
  }

  #read(text: string | undefined): SavedSettings {
    if (text === undefined) return {}
    try {
      return checkSavedSettings(JSON.parse(text))
    } catch (error) {
      this.#options.log.warn({ error: String(error) }, "the saved settings cannot be read: what is configured holds")
      return {}
    }
  }
}
