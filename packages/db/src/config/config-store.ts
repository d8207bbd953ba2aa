/** Settings that change while the application runs: seed 0's `config` table. */
export interface ConfigStore {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, at: number): Promise<void>
  /** Sets `value` only where the key has the value `expected` (undefined: is absent). Tells whether it did. */
  replace(key: string, expected: string | undefined, value: string, at: number): Promise<boolean>
  remove(key: string): Promise<void>
  entries(): Promise<readonly { readonly key: string; readonly value: string; readonly updatedAt: number }[]>
}
