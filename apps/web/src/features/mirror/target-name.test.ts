import { parsePasted } from "@entrepot/core/reference"
import { describe, expect, test } from "vitest"
import { placeOf, proposeName, readTargetImage } from "./target-name.ts"

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

describe("an edited name", () => {
  const place = { host: "harbor.example.com", project: "mirror", naming: "default" }

  test("has the target's host, or stands below its project", () => {
    const whole = { registry: "harbor.example.com", repository: "other/app", tag: "1" }
    expect(readTargetImage(" harbor.example.com/other/app:1 ", place)).toEqual(whole)
    expect(readTargetImage("app:1", place)).toEqual({ ...whole, repository: "mirror/app" })
    expect(readTargetImage("app:1", { ...place, project: "" })).toEqual({ ...whole, repository: "app" })
    expect(readTargetImage("app:1", { host: place.host, naming: "default" })).toEqual({ ...whole, repository: "proxy/app" })
  })

  test("cannot be at another registry", () => {
    expect(() => readTargetImage("ghcr.io/team/app:1", place)).toThrow(
      "the target image is at ghcr.io, and the target is harbor.example.com",
    )
  })

  test("cannot have a digest", () => {
    expect(() => readTargetImage(`app@sha256:${"a".repeat(64)}`, place)).toThrow(
      "the target has a digest, and a digest cannot be chosen",
    )
  })

  test("can be anywhere where only the server knows the target", () => {
    expect(readTargetImage("harbor.example.com/a/b:1", undefined)).toMatchObject({ registry: "harbor.example.com" })
  })
})
