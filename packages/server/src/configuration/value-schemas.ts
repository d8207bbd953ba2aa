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

/** Several values, separated by commas, spaces or lines, or an array in TOML; none may be empty. */
export function words<Item>(item: z.ZodType<Item, string>) {
  return z
    .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter((part) => part !== ""))])
    .pipe(z.array(item))
}

const sizeUnits: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  m: 1000 ** 2,
  g: 1000 ** 3,
  t: 1000 ** 4,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
  ti: 1024 ** 4,
}

/** Bytes: `200Gi`, `1.5T`, `800M`, 1000000; decimal unless an `i` says otherwise. 0, or at least a mebibyte. */
export const byteSize = z
  .union([z.number(), z.string().transform(parseSize)])
  .transform(Math.round)
  .pipe(z.int())
  .refine((size) => size === 0 || size >= 1024 ** 2)

function parseSize(written: string): number {
  const [, amount, unit = ""] = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]i?)?b?$/i.exec(written.trim()) ?? []
  return Number(amount) * (sizeUnits[unit.toLowerCase()] ?? Number.NaN)
}

const secondsPer: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** A time as milliseconds: `60s`, `5m`, `2h`, `1d`, or a number of seconds. At most 30 days. */
export const duration = z
  .union([z.number(), z.string().transform(parseSeconds)])
  .pipe(
    z
      .number()
      .min(0)
      .max(30 * 86_400),
  )
  .transform((seconds) => Math.round(seconds * 1000))

function parseSeconds(written: string): number {
  const [, amount, unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?) ?([smhd])?$/i.exec(written.trim()) ?? []
  return Number(amount) * (secondsPer[unit.toLowerCase()] ?? Number.NaN)
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
