/** An image as it is written behind this server's address, whether or not that was typed too: `docker pull mirror.example.com/nginx` is `nginx`. */
export function askedImage(typed: string, ownHost: string | undefined): string {
  const image = typed.trim().replace(/^(?:docker|podman) pull\s+/, "")
  if (ownHost === undefined || !image.startsWith(`${ownHost}/`)) return image
  return image.slice(ownHost.length + 1)
}
