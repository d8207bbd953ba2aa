import { parsePasted } from "@entrepot/core/reference"
import { describe, expect, test } from "vitest"
import { placeOf, proposeName } from "./target-name.ts"

const saved = [
  { id: 3, host: "harbor.example.com", project: "mirror", naming: "flat" },
  { id: 7, host: "registry.example.com:5000", project: "", naming: "{repository}" },
]
const known = { targets: saved, defaultTarget: null }
const typed = (address: string) => placeOf({ destination: "typed", address }, known)

describe("the proposed name", () => {
  const pause = parsePasted("gcr.io/google-containers/pause:3.2")

  test("is seed 0's for a typed address", () => {
    const place = { host: "harbor.example.com", naming: "default" }
    expect(typed("https://harbor.example.com/")).toEqual(place)
    expect(proposeName(parsePasted("nginx:latest"), place)).toBe("harbor.example.com/proxy/nginx:latest")
    expect(proposeName(pause, place)).toBe("harbor.example.com/proxy/gcr.io/google-containers/pause:3.2")
  })

  test("follows a saved target's project and naming rule", () => {
    const names = [3, 7].map((destination) => {
      const place = placeOf({ destination, address: "" }, known)
      return place && proposeName(pause, place)
    })
    expect(names).toEqual(["harbor.example.com/mirror/gcr.io_google-containers_pause:3.2", "registry.example.com:5000/pause:3.2"])
  })

  test("is that at the server's default target where no address is given", () => {
    const place = placeOf({ destination: "typed", address: " " }, { targets: saved, defaultTarget: "harbor.example.com/team" })
    expect(place && proposeName(pause, place)).toBe("harbor.example.com/team/gcr.io/google-containers/pause:3.2")
  })

  test("is none where no address is given and there is no default target, or the target is gone", () => {
    expect(typed("  ")).toBeUndefined()
    expect(placeOf({ destination: 9, address: "harbor.example.com" }, known)).toBeUndefined()
  })

  test("is none where the address is none", () => {
    expect(() => typed("harbor")).toThrow('"harbor" is not a target: harbor could be a namespace of Docker Hub')
  })
})
