/** Longer names are refused before anything else looks at them (RELIABILITY S10). */
const mostCharacters = 255

/**
 * Whether this names a repository (distribution-spec, "Pulling manifests"): components of lowercase letters and digits, which `.`, `_`, `__` or
 * hyphens divide. The first may be a registry's host with a port (`registry.example.com:5000/team/app`): images of other registries are asked for so.
 * One pass, whatever the text.
 */
export function isRepositoryName(text: string): boolean {
  if (text.length === 0 || text.length > mostCharacters) return false
  const slash = text.indexOf("/")
  const colon = text.indexOf(":")
  if (colon === -1) return areComponents(text)
  if (colon > slash) return false
  return areComponents(text.slice(0, colon)) && isPort(text.slice(colon + 1, slash)) && areComponents(text.slice(slash + 1))
}

const dot = 46
const slashCode = 47
const underscore = 95
const hyphen = 45

function areComponents(text: string): boolean {
  // How many dividing characters of one kind stand before this one; a component begins and ends with a letter or digit.
  let divider = 0
  let count = 0
  let begins = true
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      divider = 0
      count = 0
      begins = false
    } else if (code === slashCode) {
      if (begins || divider !== 0) return false
      begins = true
    } else if (code === dot || code === underscore || code === hyphen) {
      if (begins || (divider !== 0 && divider !== code)) return false
      divider = code
      count++
      if ((code === dot && count > 1) || (code === underscore && count > 2)) return false
    } else {
      return false
    }
  }
  return !begins && divider === 0
}

function isPort(text: string): boolean {
  if (text.length === 0 || text.length > 5) return false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 48 || code > 57) return false
  }
  return true
}
