/** What the address of the page says: `/?image=nginx:1.27&target=3` fills the form, `/?job=12` shows a job below it. */
export interface AddressBar {
  readonly image: string | undefined
  readonly targetId: number | undefined
  readonly jobId: number | undefined
}

/** Reads the query of the page's address; what is no number counts as absent. */
export function readAddressBar(query: Pick<URLSearchParams, "get">): AddressBar {
  const image = query.get("image")?.trim()
  return {
    image: image === "" ? undefined : image,
    targetId: numberIn(query.get("target")),
    jobId: numberIn(query.get("job")),
  }
}

/** The page's address with a job below the form. */
export function addressOfJob(id: number): string {
  return `/?job=${id}`
}

function numberIn(text: string | null): number | undefined {
  return text !== null && /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
