import { availableParallelism } from "node:os"
import { defineConfig } from "vitest/config"

/** Two kinds of tests: unit tests need nothing but Node; `*.real.test.ts` need a real server and say in one line what they skipped. */
export default defineConfig({
  test: {
    // vitest leaves one core to others, which on two cores is half; many tests wait more than they compute.
    maxWorkers: Math.max(3, availableParallelism()),
    reporters: ["default", "./packages/testing/src/closing-line-reporter.ts"],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.ts", "boundaries/*.test.ts"],
          exclude: ["**/*.real.test.ts", "**/node_modules/**"],
          testTimeout: 15_000,
          // Nothing here keeps anything in modules: each of two processes loads them once, not once for every file.
          isolate: false,
        },
      },
      {
        test: {
          name: "real",
          include: ["{packages,apps}/*/src/**/*.real.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
