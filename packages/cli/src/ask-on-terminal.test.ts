import { EventEmitter } from "node:events"
import { expect, test } from "vitest"
import { askOnTerminal } from "./ask-on-terminal.ts"

/** A terminal that keeps what it was told, and its mode. */
function terminal() {
  const events = new EventEmitter()
  const told: string[] = []
  let raw = false
  const stdin = Object.assign(events, {
    setRawMode: (mode: boolean) => {
      raw = mode
      return stdin
    },
    resume: () => stdin,
    pause: () => stdin,
  }) as unknown as Parameters<typeof askOnTerminal>[1]["stdin"]
  return {
    stdin,
    stderr: { write: (text: string) => told.push(text) },
    type: (text: string | Buffer) => events.emit("data", Buffer.from(text)),
    shown: () => told.join(""),
    isRaw: () => raw,
    listeners: () => events.listenerCount("data"),
  }
}

test("a password is read without a trace on the terminal, corrections included", async () => {
  const at = terminal()
  const { signal } = new AbortController()
  const answer = askOnTerminal("Password: ", { ...at, hidden: true, signal })
  expect(at.isRaw()).toBe(true)
  at.type("wrong\u0015hunterx\u007f")
  const [first, ...rest] = Buffer.from("é2")
  at.type(Buffer.from([first ?? 0]))
  at.type(Buffer.from(rest))
  at.type("\r")
  expect(await answer).toBe("hunteré2")
  expect([at.shown(), at.isRaw(), at.listeners()]).toEqual(["Password: \n", false, 0])
})

test("a name is shown as it is typed", async () => {
  const at = terminal()
  const answer = askOnTerminal("Username: ", { ...at, hidden: false, signal: new AbortController().signal })
  at.type("bo")
  at.type("x\u007fb\n")
  expect(await answer).toBe("bob")
  expect(at.shown()).toBe("Username: box\b \bb\n")
})

test("Ctrl-C and an abort end the question and leave the terminal as it was", async () => {
  for (const stop of ["key", "signal"]) {
    const at = terminal()
    const controller = new AbortController()
    const answer = askOnTerminal("Password: ", { ...at, hidden: true, signal: controller.signal })
    if (stop === "key") at.type("hun\u0003")
    else controller.abort()
    await expect(answer).rejects.toMatchObject({ code: "cancelled" })
    expect([at.isRaw(), at.listeners()]).toEqual([false, 0])
  }
})
