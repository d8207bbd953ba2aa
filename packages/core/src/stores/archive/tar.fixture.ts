/** One entry of a tar that may be wrong in any way. */
export interface EntryRecipe {
  readonly name: string
  readonly data?: Buffer | string
  /** Type flag. Default `0`, a file. */
  readonly type?: string
  readonly linkName?: string
  /** The twelve bytes of the size field, instead of the data's length. */
  readonly sizeField?: Buffer | string
  /** Changes the finished block after the checksum. */
  readonly spoil?: (block: Buffer) => void
}

/** A header block and its data, padded. */
export function tarEntry(recipe: EntryRecipe): Buffer {
  const data = Buffer.from(recipe.data ?? "")
  const block = Buffer.alloc(512)
  block.write(recipe.name, 0, 100)
  block.write("0000644\x000000000\x000000000\x00", 100)
  const size = recipe.sizeField ?? `${data.length.toString(8).padStart(11, "0")}\0`
  Buffer.from(size).copy(block, 124, 0, 12)
  block.write("00000000000\0        ", 136)
  block.write(recipe.type ?? "0", 156)
  block.write(recipe.linkName ?? "", 157, 100)
  block.write("ustar\x0000", 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
  recipe.spoil?.(block)
  return Buffer.concat([block, data, Buffer.alloc((512 - (data.length % 512)) % 512)])
}

/** A whole tar with its end. */
export function tarOf(...recipes: readonly (EntryRecipe | Buffer)[]): Buffer {
  const entries = recipes.map((recipe) => (Buffer.isBuffer(recipe) ? recipe : tarEntry(recipe)))
  return Buffer.concat([...entries, Buffer.alloc(1024)])
}

/** A pax header with these records, well formed. */
export function paxEntry(records: Readonly<Record<string, string>>, type = "x"): Buffer {
  const data = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`
    const bytes = Buffer.byteLength(rest)
    const length = [1, 2, 3, 4, 5, 6, 7].map((digits) => bytes + digits).find((total) => String(total).length === total - bytes)
    return `${length}${rest}`
  })
  return tarEntry({ name: "pax", type, data: data.join("") })
}

/** A name that is too long for a header, as GNU tar writes it: `L` for the name, `K` for a link's target. */
export function longNameEntry(name: string, type: "L" | "K" = "L"): Buffer {
  return tarEntry({ name: "././@LongLink", type, data: `${name}\0` })
}
