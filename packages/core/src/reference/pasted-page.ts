/** A page's image name, or undefined where the page shows none. `parts` are the path's components, decoded. */
type Page = (parts: readonly string[], query: URLSearchParams) => string | undefined

const hub: Page = (parts) => {
  const [area, ...rest] = parts
  if (area === "_") return rest[0] === undefined ? undefined : `docker.io/library/${rest[0]}`
  if (area === "r" && rest.length >= 2) return `docker.io/${rest[0]}/${rest[1]}`
  if (area === "layers" && rest.length >= 3) return `docker.io/${rest[0]}/${rest[1]}:${rest[2]}`
  if (area === "repository" && rest[0] === "docker" && rest.length >= 3) return `docker.io/${rest[1]}/${rest[2]}`
  return undefined
}

const quay: Page = (parts, query) => {
  const at = parts.findIndex((part) => part === "manifest" || part === "tag")
  const [area, ...name] = at === -1 ? parts : parts.slice(0, at)
  if (area !== "repository" || name.length < 2) return undefined
  const image = `quay.io/${name.join("/")}`
  const shown = at === -1 ? undefined : parts[at + 1]
  if (shown !== undefined) return parts[at] === "manifest" ? `${image}@${shown}` : `${image}:${shown}`
  return withTag(image, query.get("tag"))
}

/** `/OWNER/REPO/pkgs/container/NAME[/VERSION]`, `/orgs/OWNER/packages/container/[package/]NAME`; GitHub writes a "/" in a name as %2F. */
const github: Page = (parts, query) => {
  const container = parts.indexOf("container")
  const kind = parts[container - 1]
  const owner = kind === "pkgs" ? parts[0] : parts[1]
  const name = parts[container + 1] === "package" ? parts[container + 2] : parts[container + 1]
  if (container < 1 || (kind !== "pkgs" && kind !== "packages") || owner === undefined || name === undefined) return undefined
  return withTag(`ghcr.io/${owner.toLowerCase()}/${name.toLowerCase()}`, query.get("tag"))
}

const ecrGallery: Page = (parts) => (parts.length < 2 ? undefined : `public.ecr.aws/${parts[0]}/${parts[1]}`)

const pages: Readonly<Record<string, Page>> = {
  "hub.docker.com": hub,
  "registry.hub.docker.com": hub,
  "quay.io": quay,
  "github.com": github,
  "gallery.ecr.aws": ecrGallery,
}

/** The image name that a web address stands for, not yet checked; undefined when it shows none. */
export function imageOfPage(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const url = new URL(address)
  const parts = url.pathname.split("/").filter((part) => part !== "")
  const page = Object.hasOwn(pages, url.host) ? pages[url.host] : undefined
  const shown = page?.(parts.map(decode), url.searchParams)
  if (shown !== undefined || url.host === "hub.docker.com" || url.host === "github.com") return shown
  return imageOfApi(url.host, parts) ?? (parts.length === 0 ? undefined : `${url.host}/${parts.join("/")}`)
}

/** An address of the distribution API: `/v2/NAME/manifests/REFERENCE`. */
function imageOfApi(host: string, parts: readonly string[]): string | undefined {
  const manifests = parts.lastIndexOf("manifests")
  const reference = parts[manifests + 1]
  if (parts[0] !== "v2" || manifests < 2 || reference === undefined) return undefined
  return `${host}/${parts.slice(1, manifests).join("/")}${reference.includes(":") ? "@" : ":"}${reference}`
}

/** A page's address without `https://`, which would otherwise pass for an image name. */
export function isPageWithoutScheme(text: string): boolean {
  const [host = "", area, third] = text.split("/")
  if (host === "hub.docker.com" || host === "github.com" || host === "gallery.ecr.aws") return area !== undefined
  return host === "quay.io" && area === "repository" && third !== undefined
}

function withTag(image: string, tag: string | null): string {
  return tag === null || tag === "" || tag === "latest" ? image : `${image}:${tag}`
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
