/** What asks for the login, and what answers programs. */
const noPage = /^\/(?:login|api(?:\/.*)?)$/

/** The path to go to after the login: of a page of this site alone (S17), else the first page. */
export function localPath(next: string | null | undefined): string {
  if (next == null || !next.startsWith("/")) return "/"
  const base = "http://localhost"
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined
  if (url?.origin !== base || url.pathname.startsWith("//") || noPage.test(url.pathname)) return "/"
  return `${url.pathname}${url.search}${url.hash}`
}
