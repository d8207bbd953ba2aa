import { asc, eq } from "drizzle-orm"
import { NameTaken } from "../accounts/account-stores.ts"
import { type Engine, row, rows } from "../engine/engine.ts"
import type { AccessRule, AccessRuleStore } from "./pull-access-stores.ts"

/** Prefixes that are open or closed, over either dialect. */
export class SqlAccessRuleStore implements AccessRuleStore {
  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async create({ effect, prefix }: Pick<AccessRule, "effect" | "prefix">, at: number): Promise<AccessRule> {
    const created = await this.#engine.write(({ db, tables: { whitelists } }) =>
      row(db.insert(whitelists).values({ effect, prefix, createdAt: at }).onConflictDoNothing().returning()),
    )
    if (!created) throw new NameTaken(`there is a rule to ${effect} "${prefix}" already`)
    return toRule(created)
  }

  async list(effect?: AccessRule["effect"]): Promise<readonly AccessRule[]> {
    const found = await this.#engine.read(({ db, tables: { whitelists } }) =>
      rows(
        db
          .select()
          .from(whitelists)
          .where(effect === undefined ? undefined : eq(whitelists.effect, effect))
          .orderBy(asc(whitelists.id)),
      ),
    )
    return found.map(toRule)
  }

  remove(id: number): Promise<boolean> {
    return this.#engine.write(function* ({ db, tables: { whitelists } }) {
      const removed = yield* rows(db.delete(whitelists).where(eq(whitelists.id, id)).returning({ id: whitelists.id }))
      return removed.length > 0
    })
  }
}

function toRule(found: Omit<AccessRule, "effect"> & { readonly effect: string }): AccessRule {
  return { ...found, effect: found.effect as AccessRule["effect"] }
}
