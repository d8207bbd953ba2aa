import { describe, expect, test } from "vitest"
import { addressKind, checkAddress } from "./address-guard.ts"

/** Hosts as they stand in URLs, after the URL parser has normalised them. */
const literals = [
  ["127.0.0.1", "loopback"],
  ["127.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["2130706433", "loopback"],
  ["0x7f000001", "loopback"],
  ["0x7f.1", "loopback"],
  ["0177.0.0.1", "loopback"],
  ["017700000001", "loopback"],
  ["１２７.0.0.1", "loopback"],
  ["127.0.0.1.", "loopback"],
  ["[::1]", "loopback"],
  ["[0:0:0:0:0:0:0:1]", "loopback"],
  ["[::ffff:127.0.0.1]", "loopback"],
  ["[::ffff:7f00:1]", "loopback"],
  ["[::127.0.0.1]", "loopback"],
  ["[64:ff9b::7f00:1]", "loopback"],
  ["[2002:7f00:1::]", "loopback"],
  ["0.0.0.0", "unspecified"],
  ["0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["[::]", "unspecified"],
  ["[::ffff:0.0.0.0]", "unspecified"],
  ["169.254.169.254", "metadata"],
  ["2852039166", "metadata"],
  ["0xa9fea9fe", "metadata"],
  ["0251.0376.0251.0376", "metadata"],
  ["[::ffff:169.254.169.254]", "metadata"],
  ["[64:ff9b::a9fe:a9fe]", "metadata"],
  ["[64:ff9b:1::a9fe:a9fe]", "metadata"],
  ["[2002:a9fe:a9fe::1]", "metadata"],
  ["[fd00:ec2::254]", "metadata"],
  ["100.100.100.200", "metadata"],
  ["169.254.0.1", "link-local"],
  ["[fe80::1]", "link-local"],
  ["[febf::1]", "link-local"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.250", "multicast"],
  ["[ff02::1]", "multicast"],
  ["255.255.255.255", "broadcast"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["0xc0a80101", "private"],
  ["100.64.0.1", "private"],
  ["198.18.0.1", "private"],
  ["240.0.0.1", "private"],
  ["[fd12:3456::1]", "private"],
  ["[fc00::1]", "private"],
  ["[fec0::1]", "private"],
  ["[::ffff:10.0.0.1]", "private"],
  ["8.8.8.8", "public"],
  ["172.32.0.1", "public"],
  ["100.128.0.1", "public"],
  ["[2606:4700::1111]", "public"],
  ["[::ffff:8.8.8.8]", "public"],
  ["[64:ff9b::808:808]", "public"],
] as const

describe("the kind of an address", () => {
  test.each(literals)("http://%s/ is %s", (host, kind) => {
    const { hostname } = new URL(`http://${host}/`)
    expect(addressKind(hostname.replace(/^\[|\]$/g, ""))).toBe(kind)
  })

  test("a zone does not hide a link-local address", () => {
    expect(addressKind("fe80::1%eth0")).toBe("link-local")
  })

  test("what is no address is not let through", () => {
    expect(addressKind("example.com")).toBe("invalid")
    expect(addressKind("1.2.3")).toBe("invalid")
  })
})

describe("what may be dialled", () => {
  const verdict = (address: string, named: boolean) => {
    try {
      checkAddress(address, { host: "registry.example:5000", named })
      return "dialled"
    } catch (error) {
      return String(error)
    }
  }

  test("a person may name loopback and private networks", () => {
    expect(verdict("127.0.0.1", true)).toBe("dialled")
    expect(verdict("192.168.1.1", true)).toBe("dialled")
    expect(verdict("1.1.1.1", true)).toBe("dialled")
  })

  test("a server may lead to public addresses only", () => {
    expect(verdict("1.1.1.1", false)).toBe("dialled")
    expect(verdict("10.1.1.1", false)).toBe(
      "TransferError: registry.example:5000 (10.1.1.1) is a private address, which is never dialled on a server's word",
    )
    expect(verdict("::1", false)).toBe(
      "TransferError: registry.example:5000 (::1) is a loopback address, which is never dialled on a server's word",
    )
  })

  test.each(["169.254.169.254", "fd00:ec2::254", "100.100.100.200", "0.0.0.0", "fe80::1", "224.0.0.1", "255.255.255.255"])(
    "not even a person can lead to %s",
    (address) => expect(verdict(address, true)).toMatch(/^TransferError: .* which is never dialled$/),
  )
})
