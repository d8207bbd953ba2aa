import { registriesByName } from "../chosen-registries.ts"
import type { ClientSetup } from "../client-setup.ts"
import { installCa, logIn } from "../commands.ts"
import { registriesConf } from "../registries-conf.ts"
import { sampleImage } from "../sample-image.ts"
import type { SetupChoices } from "../setup-choices.ts"

/** podman, Buildah and Skopeo. One login holds for the mirrors too. */
export function podman(choices: SetupChoices): ClientSetup {
  const { address, registries } = choices
  const named = registriesByName(choices)
  const [first] = named
  return {
    files: [registriesConf(choices)],
    commands: [
      ...installCa(choices, `/etc/containers/certs.d/${address.host}/ca.crt`),
      ...logIn("podman login", choices),
      ...(first === undefined ? [] : [`podman pull ${first}/${sampleImage(first)}`]),
    ],
    remarks: named.length < registries.length ? ["ports"] : [],
  }
}
