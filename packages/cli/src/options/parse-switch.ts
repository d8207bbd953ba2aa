import { InvalidArgumentError } from "commander"

/** `true` or `false`, as in `--tls-verify=false`. @throws InvalidArgumentError */
export function parseSwitch(text: string): boolean {
  if (text === "true" || text === "false") return text === "true"
  throw new InvalidArgumentError("Write true or false.")
}
