/** Seven days: no session lives longer (RELIABILITY section 3). */
const maxAgeSeconds = 7 * 24 * 60 * 60

/** `__Host-` binds the cookie to this host over TLS; browsers refuse that name over plain HTTP. */
function nameOf(https: boolean): string {
  return https ? "__Host-entrepot" : "entrepot_session"
}

/** Identifier of the session in a Cookie header; undefined where there is none. */
export function readSessionCookie(header: string | undefined, https: boolean): string | undefined {
  const wanted = `${nameOf(https)}=`
  const pair = (header ?? "").split(";").find((part) => part.trim().startsWith(wanted))
  const value = pair?.trim().slice(wanted.length)
  return value === undefined || !/^[\w-]{1,256}$/.test(value) ? undefined : value
}

/** The Set-Cookie value that logs in with this session. */
export function sessionCookie(sessionId: string, https: boolean): string {
  return `${nameOf(https)}=${sessionId}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict${https ? "; Secure" : ""}`
}

/** The Set-Cookie value that forgets the session. */
export function endedSessionCookie(https: boolean): string {
  return `${nameOf(https)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict${https ? "; Secure" : ""}`
}
