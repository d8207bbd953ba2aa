"use client"

import type { BatchRequest, EntrepotClient } from "@entrepot/client"
import { useRef, useState } from "react"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"

/** What would be moved for one image, or why that could not be told. */
export type RowPlan =
  | { readonly state: "asking" }
  | { readonly state: "known"; readonly unchanged: boolean; readonly totalBytes: number }
  | { readonly state: "failed"; readonly error: unknown }

/** Questions at once: each of them is a few requests to two registries. */
const atOnce = 3

/** Asks for each image what would move, a few at a time. */
export function useRowPlans() {
  const client = useEntrepot()
  const [plans, setPlans] = useState<ReadonlyMap<string, RowPlan>>(new Map())
  const round = useRef(0)
  const put = (image: string, plan: RowPlan, asked: number) => {
    if (asked === round.current) setPlans((before) => new Map(before).set(image, plan))
  }

  async function ask(images: readonly string[], target: BatchRequest["target"]): Promise<void> {
    round.current++
    const asked = round.current
    setPlans(new Map())
    const open = [...images]
    const work = async () => {
      for (let image = open.shift(); image !== undefined && asked === round.current; image = open.shift()) {
        put(image, { state: "asking" }, asked)
        put(image, await planOf(client, image, target), asked)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }

  return {
    /** By the familiar name of the image. */
    plans,
    ask,
    forget: () => {
      round.current++
      setPlans(new Map())
    },
  }
}

async function planOf(client: EntrepotClient, image: string, target: BatchRequest["target"]): Promise<RowPlan> {
  try {
    const { unchanged, totalBytes } = await client.image.plan.mutate({ image, ...(target === undefined ? {} : { target }) })
    return { state: "known", unchanged, totalBytes }
  } catch (error) {
    return { state: "failed", error }
  }
}
