import { expect, test } from "vitest"
import { Circuit } from "./circuit.ts"

const fail = (circuit: Circuit, how: "failure" | "timeout" = "failure") => circuit.enter()?.failed(how)

test("three failures in a row open it, a success in between does not", () => {
  const circuit = new Circuit({ now: () => 1000 })
  fail(circuit)
  fail(circuit)
  circuit.enter()?.succeeded()
  fail(circuit)
  fail(circuit)
  expect([circuit.state, circuit.retryAt]).toEqual(["closed", undefined])
  fail(circuit)
  expect([circuit.state, circuit.retryAt]).toEqual(["open", 6000])
  expect(circuit.enter()).toBeUndefined()
})

test("one timeout opens it", () => {
  const circuit = new Circuit({ now: () => 0 })
  fail(circuit, "timeout")
  expect(circuit.state).toBe("open")
})

test("one request tries, and each failed trial doubles the wait up to a minute", () => {
  let now = 0
  const circuit = new Circuit({ now: () => now })
  fail(circuit, "timeout")
  const waits: number[] = []
  for (let trial = 0; trial < 6; trial++) {
    const retryAt = circuit.retryAt ?? 0
    waits.push(retryAt - now)
    now = retryAt
    expect(circuit.state).toBe("half-open")
    const pass = circuit.enter()
    expect(circuit.enter()).toBeUndefined()
    pass?.failed("failure")
  }
  expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000])
  now = circuit.retryAt ?? 0
  circuit.enter()?.succeeded()
  expect([circuit.state, circuit.retryAt]).toEqual(["closed", undefined])
  fail(circuit, "timeout")
  expect(circuit.retryAt).toBe(now + 5000)
})

test("a trial that was given up leaves the next one to try, and late failures change nothing", () => {
  let now = 0
  const circuit = new Circuit({ now: () => now })
  const late = circuit.enter()
  fail(circuit, "timeout")
  late?.failed("timeout")
  expect(circuit.retryAt).toBe(5000)
  now = 5000
  circuit.enter()?.abandoned()
  expect(circuit.state).toBe("half-open")
  expect(circuit.enter()).toBeDefined()
})

test("it tells that it has opened once, however many trials fail, and that it is closed again once", () => {
  let now = 0
  const told: string[] = []
  const circuit = new Circuit({ now: () => now, turned: (state) => void told.push(`${now} ${state}`) })
  const late = circuit.enter()
  circuit.enter()?.succeeded()
  for (let failure = 0; failure < 3; failure++) fail(circuit)
  late?.failed("failure")
  for (let trial = 0; trial < 2; trial++) {
    now = circuit.retryAt ?? 0
    fail(circuit)
  }
  now = circuit.retryAt ?? 0
  circuit.enter()?.abandoned()
  circuit.enter()?.succeeded()
  circuit.enter()?.succeeded()
  expect(told).toEqual(["0 open", "35000 closed"])
})
