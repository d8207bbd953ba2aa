/** One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1). Scheme and parameter names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

/** Longest header that is looked at, and most challenges and parameters of one: a hostile server shall not keep us busy. */
const maxLength = 8192
const maxChallenges = 8
const maxParameters = 32

const tokenCharacter = /[!#$%&'*+\-.^_`|~0-9A-Za-z]/

/**
 * Reads WWW-Authenticate header values into challenges, in their order. A header may hold several, and a challenge's parameters are
 * separated by the same comma as the challenges are. Never throws: what cannot be read ends the header it stands in.
 */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  for (const header of headers.slice(0, maxChallenges)) readHeader(header.slice(0, maxLength), challenges)
  return challenges
}

function readHeader(text: string, challenges: { scheme: string; parameters: Map<string, string> }[]): void {
  let at = 0
  let parameters: Map<string, string> | undefined
  const skip = (characters: string) => {
    while (at < text.length && characters.includes(text.charAt(at))) at++
  }
  const token = () => {
    const start = at
    while (at < text.length && tokenCharacter.test(text.charAt(at))) at++
    return text.slice(start, at).toLowerCase()
  }
  while (at < text.length) {
    skip(" \t,")
    const name = token()
    if (name === "") return
    skip(" \t")
    if (text.charAt(at) === "=" && parameters) {
      at++
      skip(" \t")
      const value = text.charAt(at) === '"' ? quoted() : plain()
      if (value === undefined) return
      if (parameters.size < maxParameters && !parameters.has(name)) parameters.set(name, value)
    } else {
      if (challenges.length >= maxChallenges) return
      parameters = new Map()
      challenges.push({ scheme: name, parameters })
    }
  }

  function quoted(): string | undefined {
    let value = ""
    for (at++; at < text.length; at++) {
      const character = text.charAt(at)
      if (character === '"') {
        at++
        return value
      }
      if (character === "\\") at++
      value += text.charAt(at)
    }
    return undefined
  }

  // Realms without quotes occur, and their slashes and colons are no token characters.
  function plain(): string {
    const start = at
    while (at < text.length && !" \t,".includes(text.charAt(at))) at++
    return text.slice(start, at)
  }
}
