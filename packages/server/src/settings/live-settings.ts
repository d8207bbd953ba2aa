import type { ConfigStore } from "@entrepot/db/stores"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { Log } from "../runtime/runtime.ts"
import { checkSavedSettings, configuredSettings, type SavedSettings, type SettingsInForce } from "./saved-settings.ts"

interface LiveSettingsOptions {
  readonly config: Pick<ConfigStore, "get" | "replace">
  readonly configuration: Pick<Configuration, "jobs">
  readonly log: Log
  readonly now: () => number
}

const key = "settings"
const mostTries = 20
/** How often it is looked whether another process has saved others. */
const pollMs = 2000

/** The settings that hold now: what is saved in the database, over what is configured. Other processes' changes are heard of by asking. */
export class LiveSettings {
  readonly configured: SettingsInForce
  readonly #options: LiveSettingsOptions
  readonly #listeners = new Set<(values: SettingsInForce) => void>()
  #saved: SavedSettings = {}
  #values: SettingsInForce
  /** As read last; undefined: nothing was saved ever. */
  #text: string | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #stopped = false
  #isLost = false

  constructor(options: LiveSettingsOptions) {
    this.#options = options
    this.configured = configuredSettings(options.configuration)
    this.#values = this.configured
  }

  get values(): SettingsInForce {
    return this.#values
  }

  get saved(): SavedSettings {
    return this.#saved
  }

  /** From now on takes over what other processes save, until it is stopped. */
  watch(): void {
    if (this.#stopped) return
    this.#timer = setTimeout(() => {
      this.refresh()
        .then(
          () => {
            this.#isLost = false
          },
          (error: unknown) => this.#lose(error),
        )
        .finally(() => this.watch())
    }, pollMs)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#listeners.clear()
    await this.#lastTurn
  }

  /** Returns how to stop being told. Listeners do not throw. */
  subscribe(listener: (values: SettingsInForce) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Brings into force what is saved now. @throws when the database does not answer. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => this.#take(await this.#options.config.get(key)))
  }

  /** Saves what `edit` makes of what is saved; it is in force when this resolves. @throws ServiceError `conflict`. */
  save(edit: (saved: SavedSettings) => SavedSettings): Promise<void> {
    const { config, now } = this.#options
    return this.#inTurn(async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        this.#take(await config.get(key))
        const text = JSON.stringify(edit(this.#saved))
        if (await config.replace(key, this.#text, text, now())) return this.#take(text)
      }
      throw new ServiceError("conflict", "the settings are being changed by somebody else; try again")
    })
  }

  /** One after the other: an older text never follows a newer one. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#lastTurn.then(work)
    this.#lastTurn = turn.catch(() => undefined)
    return turn
  }

  #take(text: string | undefined): void {
    if (text === this.#text) return
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

  /** Said once, however long the database is away. */
  #lose(error: unknown): void {
    if (!this.#isLost) this.#options.log.warn({ error: String(error) }, "the saved settings could not be looked up")
    this.#isLost = true
  }
}
