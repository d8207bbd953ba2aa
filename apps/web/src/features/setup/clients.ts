import type { ClientSetup } from "./client-setup.ts"
import { buildkit } from "./clients/buildkit.ts"
import { byName } from "./clients/by-name.ts"
import { containerd } from "./clients/containerd.ts"
import { crio } from "./clients/crio.ts"
import { docker } from "./clients/docker.ts"
import { k3s } from "./clients/k3s.ts"
import { kubernetes } from "./clients/kubernetes.ts"
import { podman } from "./clients/podman.ts"
import type { SetupChoices } from "./setup-choices.ts"

/** Every client that the page can set up, in its order: each from the choices alone. */
export const clients = {
  docker,
  containerd,
  podman,
  crio,
  k3s,
  kubernetes,
  buildkit,
  byName,
} as const satisfies Record<string, (choices: SetupChoices) => ClientSetup>

/** As the page's address and the messages name a client. */
export type ClientName = keyof typeof clients

/** In the order in which they are offered. */
export const clientNames = Object.keys(clients).filter((name): name is ClientName => name in clients)
