import { expect } from "vitest"
import type { PullScene } from "./pull-scene.fixture.ts"

/** A client with a store of its own. */
export interface PullingClient {
  /** Pulls it and gives the digest that it has it under. */
  pull(reference: string): Promise<string>
  /** Empties its store, so that all bytes come over the wire again. */
  forget(): Promise<void>
}

/**
 * Pulls everything cold, warm, and with the upstreams switched off, each time into an empty store. The upstreams are asked for blobs the first time
 * alone.
 * @param digests by reference.
 */
export async function expectThreePulls(
  scene: PullScene,
  client: PullingClient,
  digests: Readonly<Record<string, string>>,
): Promise<void> {
  for (const phase of ["cold", "warm", "upstreams off"] as const) {
    await client.forget()
    scene.blobsAsked()
    if (phase === "upstreams off") await scene.switchUpstreamsOff()
    for (const [reference, digest] of Object.entries(digests)) {
      expect([phase, reference, await client.pull(reference)]).toEqual([phase, reference, digest])
    }
    expect([phase, scene.blobsAsked() > 0]).toEqual([phase, phase === "cold"])
  }
}
