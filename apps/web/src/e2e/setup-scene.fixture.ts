import type { EntrepotClient } from "@entrepot/client"
import { runnableImage, type TestRegistry, testRegistry } from "@entrepot/testing"
import type { Visitor } from "./browser.fixture.ts"

/** By reference, what there is behind the registries that the site reads through; the last has a port in its name. */
export const upstreamImages = {
  "docker.io/library/hello:1": runnableImage({
    message: "from the hub",
    mediaTypes: "oci",
    extraLayers: [{ sizeBytes: 200_000 }],
  }),
  "gcr.io/tools/hello:1": runnableImage({ message: "from elsewhere", mediaTypes: "oci", extraLayers: [{ sizeBytes: 200_000 }] }),
  "registry.example:5000/more/hello:1": runnableImage({ message: "and more", mediaTypes: "oci" }),
} as const

/** One registry that stands for all of them, and is what the site asks in their place. Nothing else is left that it could ask. */
export async function standInForUpstreams(client: EntrepotClient): Promise<TestRegistry> {
  const hub = await testRegistry({
    images: Object.fromEntries(
      Object.entries(upstreamImages).map(([reference, image]) => [reference.slice(reference.indexOf("/") + 1), image]),
    ),
  })
  const { upstreams } = await client.upstreams.list.query()
  for (const { id, configured } of upstreams) if (!configured) await client.upstreams.remove.mutate({ id })
  for (const reference of Object.keys(upstreamImages)) {
    const registry = reference.slice(0, reference.indexOf("/"))
    await client.upstreams.create.mutate({ name: registry, registry, url: hub.origin, priority: 1 })
  }
  return hub
}

/** What the page shows of one client: its files by path (and version), and the lines to run after them. */
export interface ShownSetup {
  readonly files: ReadonlyMap<string, string>
  readonly commands: readonly string[]
}

/** Chooses a client, and reads what stands on the page. */
export async function readSetup(visitor: Visitor, client: "docker" | "containerd" | "podman" | "crio"): Promise<ShownSetup> {
  const { page, say } = visitor
  await page.getByRole("radio", { name: say(`setup.clients.${client}`), exact: true }).check()
  const card = page.getByRole("region", { name: say(`setup.clients.${client}`), exact: true })
  const shown = await card
    .locator("section[aria-label]")
    .evaluateAll((sections) => sections.map((each) => [each.getAttribute("aria-label") ?? "", each.textContent ?? ""] as const))
  const commands = say("setup.commandsLabel")
  return {
    files: new Map(shown.filter(([name]) => name !== commands)),
    commands: (shown.find(([name]) => name === commands)?.[1] ?? "").trim().split("\n"),
  }
}

/** A file that has to be there. @throws Error. */
export function fileOf({ files }: ShownSetup, path: string): string {
  const text = files.get(path)
  if (text === undefined) throw new Error(`no ${path} among ${[...files.keys()].join(", ")}`)
  return text
}
