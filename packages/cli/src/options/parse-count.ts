import { InvalidArgumentError } from "commander"

/** Reads a whole number between the two. @throws InvalidArgumentError */
export function parseCount(from: number, to: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    if (number >= from && number <= to) return number
    throw new InvalidArgumentError(`Write a whole number from ${from} to ${to}.`)
  }
}
