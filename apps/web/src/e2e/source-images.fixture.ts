import { image, index, type RegistryClient, type TestImage } from "@entrepot/testing"

const kib = 1024
const platform = (architecture: string, variant?: string) => ({ os: "linux", architecture, ...(variant && { variant }) })

/** An image for three platforms, the children of different weight. */
const multiArch = index([
  image({ seed: "shop/amd64", layers: [{ sizeBytes: 900 * kib }, { sizeBytes: 700 * kib }, { sizeBytes: 12 * kib }] }),
  image({ seed: "shop/arm64", platform: platform("arm64"), layers: [{ sizeBytes: 850 * kib }, { sizeBytes: 650 * kib }] }),
  image({ seed: "shop/armv7", platform: platform("arm", "v7"), layers: [{ sizeBytes: 500 * kib }] }),
])

/** Many layers, small and large. */
const layered = image({
  seed: "layered",
  layers: Array.from({ length: 24 }, (_, at) => ({ sizeBytes: (1 + ((at * 7) % 24)) * 8 * kib })),
})

/** What the source registry holds, by repository and tag. */
export const sourceImages: Readonly<Record<string, TestImage>> = {
  "library/shop:1.27": multiArch,
  "library/layered:2": layered,
  "team/tools:3.1": image({ seed: "tools", layers: [{ sizeBytes: 300 * kib }, { sizeBytes: 20 * kib }] }),
  ...Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`batch/service-${at + 1}:1.${at}`, image({ seed: `service/${at}` })]),
  ),
}

/** Pushes them all. */
export async function fillSource(registry: RegistryClient): Promise<void> {
  for (const [reference, content] of Object.entries(sourceImages)) await registry.push(reference, content)
}
