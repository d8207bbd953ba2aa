/** What a fetch has to be able to do for the client: the browser's, Node's, or one of your own. */
export type Fetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** A fetch whose requests carry the token, and end when the client is closed. */
export function closingFetch(fetch: Fetch, token: () => string | undefined, closed: AbortSignal): Fetch {
  return (url, init = {}) => {
    const headers = new Headers(init.headers)
    const present = token()
    if (present !== undefined) headers.set("authorization", `Bearer ${present}`)
    const signal = init.signal ? AbortSignal.any([init.signal, closed]) : closed
    return fetch(url, { ...init, headers, signal })
  }
}
