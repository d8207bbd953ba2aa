import type { Locator } from "playwright-core"
import type { Visitor } from "./browser.fixture.ts"

export interface TargetChoice {
  readonly address: string
  readonly username: string
  readonly password: string
}

export interface MirrorChoice extends TargetChoice {
  readonly image: string
  /** In place of the proposed one. */
  readonly targetImage?: string
}

/** Types a target, on the page of a mirror or of a batch. */
export async function chooseTarget({ page, say }: Visitor, { address, username, password }: TargetChoice): Promise<void> {
  const form = page.getByRole("main").getByRole("form").first()
  const saved = form.getByLabel(say("mirror.destination"), { exact: true })
  if ((await saved.count()) > 0) await saved.selectOption({ label: say("mirror.typed") })
  await form.getByLabel(say("mirror.address"), { exact: true }).fill(address)
  // The source may be logged in to as well, in a part of the form that is folded away, and stands before.
  await form.getByLabel(say("mirror.username"), { exact: true }).last().fill(username)
  await form.getByLabel(say("mirror.password"), { exact: true }).last().fill(password)
}

/** Fills the form of the mirror page, with a target that is typed. */
export async function fillMirrorForm(visitor: Visitor, { image, targetImage, ...target }: MirrorChoice): Promise<void> {
  const { page, say } = visitor
  await page.getByLabel(say("mirror.image"), { exact: true }).fill(image)
  await chooseTarget(visitor, target)
  if (targetImage !== undefined) await page.getByLabel(say("mirror.targetImageName"), { exact: true }).fill(targetImage)
}

/** Starts what the form says, and gives the number of its job, which the address of the page then tells. */
export async function startMirror({ page, say }: Visitor): Promise<number> {
  const before = page.url()
  await page.getByRole("button", { name: say("mirror.start"), exact: true }).click()
  await page.waitForURL((url) => url.searchParams.has("job") && url.href !== before)
  return Number(new URL(page.url()).searchParams.get("job"))
}

/** What a page shows of one job. */
export interface JobPanel {
  readonly panel: Locator
  /** Whole percents of the image that have arrived; undefined before that is known. */
  percent(): Promise<number | undefined>
  /** Bars of layers, by what they say. */
  layers(): Promise<readonly string[]>
  /** The log, without the times. */
  log(): Promise<readonly string[]>
}

/** The panel of a job, on the mirror page or its own. */
export function jobPanel({ page, say }: Visitor, id: number): JobPanel {
  const panel = page.getByLabel(say("job.number", { id }), { exact: true })
  const bar = panel.getByRole("progressbar", { name: say("job.progress"), exact: true })
  return {
    panel,
    async percent() {
      const value = (await bar.count()) === 0 ? null : await bar.getAttribute("aria-valuenow")
      return value === null ? undefined : Number(value)
    },
    layers: () =>
      panel
        .getByRole("region", { name: say("job.layers"), exact: true })
        .getByRole("progressbar")
        .evaluateAll((bars) => bars.map((each) => each.getAttribute("aria-valuetext") ?? "")),
    log: () =>
      panel
        .getByRole("region", { name: say("job.log.title"), exact: true })
        .last()
        .locator("li bdi")
        .allTextContents(),
  }
}
