import { isIP } from "node:net"
import { parseRate, slowestRate } from "@entrepot/core"
import { z } from "zod"

/** Schemas that take what an environment variable or a TOML value can be. Their messages are not shown: each setting says its form itself. */

export const text = z.string().trim().min(1)

/** A number as it is, or as text: the port of config.toml is often quoted. */
export function wholeNumber(min: number, max: number) {
  return z
    .union([
      z.number(),
      z
        .string()
        .trim()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(min).max(max))
}

export const yesOrNo = z.union([
  z.boolean(),
  z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(["true", "false", "1", "0", "yes", "no", "on", "off"]))
    .transform((word) => ["true", "1", "yes", "on"].includes(word)),
])

/** Several values, separated by commas, or an array in TOML. */
export function list<Item>(item: z.ZodType<Item, string>) {
  return z
    .union([
      z.array(z.string()),
      z.string().transform((line) =>
        line
          .split(",")
          .map((part) => part.trim())
          .filter((part) => part !== ""),
      ),
    ])
    .pipe(z.array(item))
}

/** An address or a network: `10.0.0.0/8`, `::1`. */
export const network = z.string().refine((value) => {
  const [address = "", prefix, ...rest] = value.split("/")
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128))
})

/** `harbor.example.com`, `127.0.0.1:5000`, `[::1]:5000`. */
export const registryHostText = z.string().regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/)

/** A site's address without path, as its origin. */
export const origin = text.refine(isOrigin).transform((value) => new URL(value).origin)

function isOrigin(value: string): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return false
  return url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "" && url.password === ""
}

/** Bytes a second as the command line takes them: `20M`, `512K`, `1.5Gi`, 800000. */
export const rate = z
  .union([z.number(), z.string().transform((value) => parseRate(value) ?? Number.NaN)])
  .transform(Math.round)
  .pipe(z.int().min(slowestRate))
