import { mirrorsHub, registriesByName } from "../chosen-registries.ts"
import type { ClientFile, ClientSetup, SetupRemark } from "../client-setup.ts"
import { installCa, logIn, pullByName } from "../commands.ts"
import { hasSample } from "../sample-image.ts"
import type { SetupChoices } from "../setup-choices.ts"

/** The Docker daemon: `registry-mirrors` for Docker Hub, all others by name. */
export function docker(choices: SetupChoices): ClientSetup {
  const { address, registries, user } = choices
  const isMirror = mirrorsHub(choices)
  const file = daemonFile(choices, isMirror)
  const named = registriesByName(choices).filter((registry) => registry !== "docker.io" || !isMirror || user !== undefined)
  const example = named.find(hasSample) ?? named[0]
  const remarks: SetupRemark[] = isMirror ? ["hubAlone"] : ["hubNotHere"]
  if (isMirror && user !== undefined) remarks.push("mirrorsWithoutLogin")
  if (registries.some((registry) => registry.includes(":"))) remarks.push("ports")
  return {
    files: file === undefined ? [] : [file],
    commands: [
      ...installCa(choices, `/etc/docker/certs.d/${address.host}/ca.crt`),
      ...(file === undefined ? [] : ["sudo systemctl reload docker"]),
      ...logIn("docker login", choices),
      ...(isMirror && user === undefined ? ["docker pull nginx"] : []),
      ...(example === undefined ? [] : [pullByName(choices, example)]),
    ],
    remarks,
  }
}

function daemonFile({ address }: SetupChoices, isMirror: boolean): ClientFile | undefined {
  if (!isMirror && !address.isPlainHttp) return undefined
  const content = {
    ...(isMirror ? { "registry-mirrors": [address.origin] } : {}),
    ...(address.isPlainHttp ? { "insecure-registries": [address.host] } : {}),
  }
  return { path: "/etc/docker/daemon.json", text: `${JSON.stringify(content, null, 2)}\n` }
}
