/** Maps with at most `width` at work; the first failure ends it, after those under way have settled. */
export async function mapConcurrent<In, Out>(
  items: readonly In[],
  width: number,
  work: (item: In, index: number) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = new Array(items.length)
  let next = 0
  let failure: { error: unknown } | undefined
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length && failure === undefined; index = next++) {
      try {
        results[index] = await work(items[index] as In, index)
      } catch (error) {
        failure ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  if (failure !== undefined) throw failure.error
  return results
}
