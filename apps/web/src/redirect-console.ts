import { format, stripVTControlCharacters } from "node:util"
import type { Log } from "@entrepot/server"

/** What Next and other libraries print goes into the log, where it is one line, has a level, and no secrets. */
export function redirectConsole(log: Log): void {
  const to =
    (level: "debug" | "warn" | "error") =>
    (...given: unknown[]) => {
      log[level]({}, stripVTControlCharacters(format(...given)).trim())
    }
  Object.assign(globalThis.console, {
    log: to("debug"),
    info: to("debug"),
    debug: to("debug"),
    warn: to("warn"),
    error: to("error"),
  })
}
