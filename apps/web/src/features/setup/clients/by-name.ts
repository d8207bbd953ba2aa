import { registriesByName } from "../chosen-registries.ts"
import type { ClientSetup } from "../client-setup.ts"
import { logIn, pullByName } from "../commands.ts"
import type { SetupChoices } from "../setup-choices.ts"

/** No configuration: this server's name before that of the image, for any client. */
export function byName(choices: SetupChoices): ClientSetup {
  const { address, registries } = choices
  const named = registriesByName(choices)
  return {
    files: [],
    commands: [...logIn("docker login", choices), ...named.map((registry) => pullByName(choices, registry))],
    remarks: [
      ...(address.isPlainHttp ? (["plainHttp"] as const) : []),
      ...(named.length < registries.length ? (["ports"] as const) : []),
    ],
  }
}
