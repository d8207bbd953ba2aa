import type { ImageCollector } from "./image-collector.ts"
import { readImageField } from "./read-image-field.ts"
import { fieldOf, textAt, type YamlMap, type YamlNode, type YamlText } from "./yaml-node.ts"

/** The services of a compose file; undefined for anything else. */
export function composeServices(root: YamlNode): YamlMap | undefined {
  if (root.kind !== "map" || fieldOf(root, "apiVersion") !== undefined) return undefined
  const services = fieldOf(root, "services")
  if (services?.kind !== "map") return undefined
  const isService = ({ value }: { readonly value: YamlNode }) =>
    value.kind === "map" && ["image", "build", "extends"].some((key) => fieldOf(value, key) !== undefined)
  return services.entries.some(isService) ? services : undefined
}

/** What the services run, and the images that they mount. A service that is only built has none. */
export function collectComposeImages(services: YamlMap, found: ImageCollector): void {
  for (const { key, value: service } of services.entries) {
    if (service.kind !== "map") continue
    addImage(textAt(service, "image"), `services.${key}`, found)
    const volumes = fieldOf(service, "volumes")
    if (volumes?.kind !== "list") continue
    for (const [index, volume] of volumes.items.entries()) {
      if (volume.kind !== "map" || textAt(volume, "type")?.text !== "image") continue
      addImage(textAt(volume, "source"), `services.${key}: volumes[${index}]`, found)
    }
  }
}

function addImage(image: YamlText | undefined, where: string, found: ImageCollector): void {
  if (image === undefined) return
  found.add({ text: image.text, line: image.line, where, parse: () => readImageField(image.text) })
}
