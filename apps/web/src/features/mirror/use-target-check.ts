"use client"

import type { MirrorRequest } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"

/** Tests the connection to a target, which is read when it is asked; undefined is none, and has no answer. */
export function useTargetCheck(asked: () => MirrorRequest["target"]) {
  const client = useEntrepot()
  // Without variables: what a mutation is given, its cache keeps, and passwords would be among it.
  return useMutation({
    mutationFn: async () => {
      const target = asked()
      return target === undefined ? undefined : client.targets.check.mutate(target)
    },
  })
}
