import { isLoopback } from "@entrepot/core"

import { closestName } from "./closest-name.ts"
import { commandLineVariables, settings } from "./settings.ts"

/** Shorter names of other programs are too easily near one of ours: `HOME`, `POST`. */
const shortestCompared = 8

/** Variables that are probably meant for us and misspelt, a sentence each. */
export function misspeltVariables(names: Iterable<string>): string[] {
  const ours = Object.values(settings).flatMap(({ variable, ...rest }) =>
    "secret" in rest ? [variable, `${variable}_FILE`] : [variable],
  )
  const known = new Set([...ours, ...commandLineVariables])
  const lowercase = new Set([...known].map((name) => name.toLowerCase()))
  return [...names].flatMap((name) => {
    if (known.has(name) || lowercase.has(name)) return []
    const meant = name.length < shortestCompared ? undefined : closestName(name, known)
    if (meant !== undefined) return [`${name} is not a setting and changes nothing; did you mean ${meant}?`]
    return name.startsWith("ENTREPOT_") ? [`${name} is not a setting and changes nothing`] : []
  })
}

/** What is permitted and may surprise, a sentence each. */
export function oddities(given: {
  readonly host: string
  readonly publicUrl: string | undefined
  readonly ginMode: string | undefined
  readonly hasAdminSection: boolean
}): string[] {
  const warnings: string[] = []
  if (given.publicUrl === undefined && !isLoopback(given.host)) {
    warnings.push("PUBLIC_URL is not set: whoever reaches this server over plain HTTP sends tokens and cookies unencrypted")
  } else if (given.publicUrl?.startsWith("http:") && !isLoopback(new URL(given.publicUrl).hostname)) {
    warnings.push("PUBLIC_URL is plain HTTP: tokens and cookies travel unencrypted")
  }
  if (given.ginMode !== undefined && given.ginMode !== "release") {
    warnings.push("GIN_MODE changes nothing: LOG_LEVEL=debug makes the log say more")
  }
  if (given.hasAdminSection) {
    warnings.push("[admin] in config.toml changes nothing: log in with the token, and make users in the application")
  }
  return warnings
}
