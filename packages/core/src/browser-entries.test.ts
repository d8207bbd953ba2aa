import { build } from "esbuild"
import { expect, test } from "vitest"

/** What an entry brings along beside our own code. */
const brought: Readonly<Record<string, RegExp>> = { "image-list": /\/node_modules\/yaml\/browser\// }

test.each(["errors", "image-list", "locale", "progress", "reference"])(
  "@entrepot/core/%s is bundled for browsers without anything of Node",
  async (entry) => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: `export * from "@entrepot/core/${entry}"`, resolveDir: import.meta.dirname },
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      metafile: true,
      logLevel: "silent",
    })
    const inputs = Object.keys(metafile.inputs).filter((path) => path !== "<stdin>")
    expect(inputs.length).toBeGreaterThan(0)
    const others = inputs.filter((path) => !path.includes("packages/core/src/"))
    expect(others.filter((path) => !brought[entry]?.test(path))).toEqual([])
    expect(others.length > 0).toBe(entry in brought)
    const code = outputFiles[0]?.text ?? ""
    expect(code).toContain("export {")
    expect(/\b(Buffer|process|require)\b[.(]/.exec(code)?.[0]).toBeUndefined()
  },
)
