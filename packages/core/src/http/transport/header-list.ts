import type { HttpHeaders } from "../http.ts"

/** Response headers in the order of arrival; names in lower case. */
export class HeaderList implements HttpHeaders {
  readonly #values = new Map<string, string[]>()

  add(name: string, value: string): void {
    const values = this.#values.get(name)
    if (values) values.push(value)
    else this.#values.set(name, [value])
  }

  get(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? []
  }

  /** The members of a comma-separated list header, in lower case (RFC 9110, section 5.6.1). */
  list(name: string): readonly string[] {
    return this.all(name)
      .flatMap((value) => value.split(","))
      .map((member) => member.trim().toLowerCase())
      .filter((member) => member !== "")
  }
}
