import { shellWord } from "./quote.ts"
import { hasSample, sampleImage } from "./sample-image.ts"
import { caFile, type SetupChoices } from "./setup-choices.ts"

/** Puts the authority's certificate where the client looks for it; nothing where there is none of one's own. */
export function installCa({ hasPrivateCa }: SetupChoices, path: string): readonly string[] {
  return hasPrivateCa ? [`sudo install -D -m 644 ${caFile} ${shellWord(path)}`] : []
}

/** Asks for the password at the terminal; nothing where nobody logs in. */
export function logIn(program: string, { user, address }: SetupChoices): readonly string[] {
  return user === undefined ? [] : [`${program} --username ${shellWord(user)} ${shellWord(address.host)}`]
}

/** Pulls an image by this server's own name; a pattern that is to be filled in is no command yet, and does nothing when it is run with others. */
export function pullByName({ address }: SetupChoices, registry: string): string {
  return `${hasSample(registry) ? "" : "# "}docker pull ${address.host}/${registry}/${sampleImage(registry)}`
}
