/** Where this server is, as clients are told of it. */
export interface ServerAddress {
  /** `https://mirror.example.com`. */
  readonly origin: string
  /** As image names begin: `mirror.example.com`, `127.0.0.1:8080`. Lowercase letters, digits, dots and hyphens, and a port. */
  readonly host: string
  readonly isPlainHttp: boolean
}

/** What is wrong with an address: it has a sentence among the words of the page. */
export type AddressProblem = "scheme" | "shape" | "login" | "path" | "dotless"

const imageHost = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::\d{1,5})?$/

/** Whether image names can begin with it, and it stands for itself in a path, a file and a command. */
export function isImageHost(host: string): boolean {
  return host.length <= 255 && imageHost.test(host)
}

/** Reads what somebody typed: scheme and host, and a port where it is not the scheme's own. */
export function readAddress(text: string): ServerAddress | AddressProblem {
  const typed = text.trim()
  if (!/^https?:\/\//i.test(typed)) return "scheme"
  if (!URL.canParse(typed)) return "shape"
  const { origin, host, hostname, port, protocol, username, password, pathname, search, hash } = new URL(typed)
  if (username !== "" || password !== "") return "login"
  if (pathname !== "/" || search !== "" || hash !== "") return "path"
  if (!isImageHost(host)) return "shape"
  if (port === "" && hostname !== "localhost" && !hostname.includes(".")) return "dotless"
  return { origin, host, isPlainHttp: protocol === "http:" }
}
