import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Reporter, TestCase, TestModule } from "vitest/node"
import { skippedFileVariable } from "./real/needs.ts"

/**
 * Vitest reporter, to stand after another one: its last words are a line for each thing that was skipped, and `N passed, N failed, N skipped`.
 * A module that could not be collected counts as one failure, an error outside of tests too.
 */
export default class ClosingLineReporter implements Reporter {
  readonly #directory = mkdtempSync(join(tmpdir(), "entrepot-tests-"))
  readonly #write: (text: string) => void

  constructor(options: { write?: (text: string) => void } = {}) {
    this.#write = options.write ?? ((text) => process.stdout.write(text))
    // Workers inherit it: `needs` writes there what it skips.
    process.env[skippedFileVariable] = this.#skippedFile
  }

  get #skippedFile(): string {
    return join(this.#directory, "skipped")
  }

  onTestRunEnd(modules: readonly Pick<TestModule, "children" | "errors">[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) count[stateOf(test)]++
      if (module.errors().length > 0) count.failed++
    }
    const lines = [...this.#skipLines(), `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`]
    rmSync(this.#directory, { recursive: true, force: true })
    // After the summary of the reporter before it, which vitest prints once all of them were told.
    process.once("exit", () => this.#write(`${lines.join("\n")}\n`))
  }

  #skipLines(): string[] {
    try {
      return [...new Set(readFileSync(this.#skippedFile, "utf8").split("\n").filter(Boolean))].sort()
    } catch {
      return []
    }
  }
}

function stateOf(test: TestCase): "passed" | "failed" | "skipped" {
  const { state } = test.result()
  return state === "pending" ? "skipped" : state
}
