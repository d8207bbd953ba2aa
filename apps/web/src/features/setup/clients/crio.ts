import { registriesByName } from "../chosen-registries.ts"
import type { ClientFile, ClientSetup, SetupRemark } from "../client-setup.ts"
import { installCa, logIn } from "../commands.ts"
import { quoted } from "../quote.ts"
import { registriesConf } from "../registries-conf.ts"
import { sampleImage } from "../sample-image.ts"
import type { SetupChoices } from "../setup-choices.ts"

const authFile = "/etc/crio/entrepot-auth.json"

/** CRI-O under Kubernetes: the mirrors of podman, and a login for the whole node. */
export function crio(choices: SetupChoices): ClientSetup {
  const { address, registries, user } = choices
  const named = registriesByName(choices)
  const [first] = named
  const login: ClientFile = {
    path: "/etc/crio/crio.conf.d/50-entrepot.conf",
    text: `[crio.image]\nglobal_auth_file = ${quoted(authFile)}\n`,
  }
  const remarks: SetupRemark[] = ["everyNode"]
  if (named.length < registries.length) remarks.push("ports")
  return {
    files: [registriesConf(choices), ...(user === undefined ? [] : [login])],
    commands: [
      ...installCa(choices, `/etc/containers/certs.d/${address.host}/ca.crt`),
      ...logIn(`sudo podman login --authfile ${authFile}`, choices),
      "sudo systemctl restart crio",
      ...(first === undefined ? [] : [`sudo crictl pull ${first}/${sampleImage(first)}`]),
    ],
    remarks,
  }
}
