"use client"

import { useEffect, useState } from "react"
import { restingMs, showsProblem } from "./late-problem.ts"

/** Says what is wrong with a text once it has rested or was left, and as long as it is wrong. `wasSent`: the form was. */
export function useLateProblem<Problem>(text: string, problem: Problem | undefined, wasSent: boolean) {
  const isWrong = problem !== undefined
  const [wasShown, setWasShown] = useState(false)
  if (wasShown && !isWrong) setWasShown(false)

  useEffect(() => {
    if (!isWrong) return
    const timer = setTimeout(() => setWasShown(true), restingMs)
    return () => clearTimeout(timer)
  }, [text, isWrong])

  return {
    problem: showsProblem({ isWrong, wasShown, isDone: wasSent }) ? problem : undefined,
    leave: () => setWasShown(isWrong),
  }
}
