import { type ClassValue, clsx } from "clsx"
import { twMerge } from "tailwind-merge"

/** Joins class names; of utilities that contradict each other the last one holds. */
export function classNames(...values: readonly ClassValue[]): string {
  return twMerge(clsx(values))
}
