import { IncomingMessage } from "node:http"
import { Socket } from "node:net"
import { expect, test } from "vitest"
import { clientOf, createProxyTrust } from "./client.ts"

function requestFrom(address: string, headers: Record<string, string>): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, "remoteAddress", { value: address })
  const request = new IncomingMessage(socket)
  Object.assign(request.headers, headers)
  return request
}

const forged = {
  host: "mirror.example.com",
  "x-forwarded-for": "1.2.3.4",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "evil.example",
}

test("forwarded headers of somebody who is no trusted proxy change nothing", () => {
  const trusted = createProxyTrust(["10.0.0.0/8"])
  expect(clientOf(requestFrom("192.168.1.9", forged), trusted)).toEqual({
    address: "192.168.1.9",
    https: false,
    host: "mirror.example.com",
    viaProxy: false,
  })
})

test("a trusted proxy tells address, scheme and host of its client", () => {
  const trusted = createProxyTrust(["10.0.0.0/8", "::1"])
  const told = { address: "1.2.3.4", https: true, host: "evil.example", viaProxy: true }
  expect(clientOf(requestFrom("10.1.2.3", forged), trusted)).toEqual(told)
  expect(clientOf(requestFrom("::ffff:10.1.2.3", forged), trusted)).toEqual(told)
  expect(clientOf(requestFrom("::1", forged), trusted)).toEqual(told)
})

test("of a chain of forwarders the last that is not believed is the client, whatever it claims", () => {
  const trusted = createProxyTrust(["10.0.0.0/8"])
  const through = (chain: string) => clientOf(requestFrom("10.0.0.1", { "x-forwarded-for": chain }), trusted).address
  expect(through("6.6.6.6, 1.2.3.4, 10.0.0.7")).toBe("1.2.3.4")
  expect(through("10.0.0.8, 10.0.0.7")).toBe("10.0.0.8")
  expect(through("[2001:db8::1]:4711")).toBe("2001:db8::1")
  expect(through("1.2.3.4:4711")).toBe("1.2.3.4")
  expect(through("1.2.3.4, nonsense")).toBe("10.0.0.1")
  expect(through("")).toBe("10.0.0.1")
})

test("a trusted proxy has to be an address or a network", () => {
  expect(() => createProxyTrust(["proxy.example.com"])).toThrow('"proxy.example.com" is neither an address nor a network')
})
