import { expect, test } from "vitest"
import { endedSessionCookie, readSessionCookie, sessionCookie } from "./session-cookie.ts"

test("over TLS the cookie is bound to the host and never sent in clear", () => {
  expect(sessionCookie("abc", true)).toBe("__Host-entrepot=abc; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure")
  expect(sessionCookie("abc", false)).toBe("entrepot_session=abc; Path=/; Max-Age=604800; HttpOnly; SameSite=Strict")
  expect(endedSessionCookie(true)).toBe("__Host-entrepot=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
})

test("the session is read among other cookies, and only under the name that fits the connection", () => {
  expect(readSessionCookie("a=1; entrepot_session=abc-_9; b=2", false)).toBe("abc-_9")
  expect(readSessionCookie("entrepot_session=abc", true)).toBeUndefined()
  expect(readSessionCookie("__Host-entrepot=abc", true)).toBe("abc")
  expect(readSessionCookie("xentrepot_session=abc", false)).toBeUndefined()
  expect(readSessionCookie("entrepot_session=a b", false)).toBeUndefined()
  expect(readSessionCookie("entrepot_session=", false)).toBeUndefined()
  expect(readSessionCookie(undefined, false)).toBeUndefined()
})
