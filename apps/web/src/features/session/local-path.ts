/** The path to go to after the login: of this site alone (S17), else the first page. */
export function localPath(next: string | null | undefined): string {
  if (next == null || !next.startsWith("/")) return "/"
  const base = "http://localhost"
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined
  if (url?.origin !== base || url.pathname.startsWith("//") || url.pathname === "/login") return "/"
  return `${url.pathname}${url.search}${url.hash}`
}
