import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { dockerRegistry, image, needs, skopeo } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { type Application, startApplication } from "../application.fixture.ts"
import { testActor } from "../runtime/runtime.fixture.ts"

const folder = join(import.meta.dirname, "../../../../docker/prometheus")
const app = image({ seed: "metrics", layers: [{ sizeBytes: 200_000 }] })

/** What Debian's promtool says, and how it ended. */
async function promtool(args: readonly string[], input = "") {
  const tool = spawn("promtool", args, { stdio: ["pipe", "pipe", "pipe"] })
  const [out, errors] = [text(tool.stdout), text(tool.stderr)]
  tool.stdin.end(input)
  const [code] = await once(tool, "close")
  return { code, said: `${await out}${await errors}` }
}

/** As Prometheus asks, with the key of a web user. */
async function scrape({ url, token }: Application): Promise<string> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"])
  return answer.text()
}

/** The value of one sample; undefined where there is none. */
function sampleOf(page: string, sample: string): number | undefined {
  const line = page.split("\n").find((each) => each.startsWith(`${sample} `))
  return line === undefined ? undefined : Number(line.slice(sample.length + 1))
}

/** An application that has read an image through, been refused one, and lost an upstream. */
async function worn() {
  const hub = await dockerRegistry()
  await hub.client.push("team/app:1", app)
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const { runtime } = application.server
  const admin = await testActor(runtime, "admin")
  const { upstreams } = runtime.services
  await upstreams.create(admin, { name: "hub", registry: "hub.test", url: `http://${hub.host}` })
  const images = await mkdtemp(join(tmpdir(), "entrepot-metrics-"))
  onTestFinished(() => rm(images, { recursive: true, force: true }))
  const own = new URL(application.url).host
  const pull = (to: string) =>
    skopeo("copy", "-q", "--src-tls-verify=false", `docker://${own}/hub.test/team/app:1`, `dir:${join(images, to)}`)
  await pull("cold")
  await pull("warm")
  await hub[Symbol.asyncDispose]()
  const isAway = () => upstreams.list(admin).then((all) => all.some(({ health }) => health?.circuit === "open"))
  while (!(await isAway())) {
    await skopeo("inspect", "--tls-verify=false", `docker://${own}/hub.test/team/other:1`).catch(() => undefined)
  }
  return { application, upstream: hub.host }
}

describe.skipIf(needs("skopeo", "docker-registry", "promtool"))("what Prometheus is told", () => {
  test("counts what happened, in names and units that promtool finds right; dashboard and rules speak of nothing else", {
    timeout: 60_000,
  }, async () => {
    const { application, upstream } = await worn()
    const page = await scrape(application)
    expect(await promtool(["check", "metrics"], page)).toEqual({ code: 0, said: "" })

    const blobs = [...app.blobs.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    expect(sampleOf(page, 'entrepot_registry_requests_total{action="blob",code="200"}')).toBe(2 * app.blobs.size)
    expect(sampleOf(page, 'entrepot_registry_cache_requests_total{result="miss"}')).toBe(1 + app.blobs.size)
    expect(sampleOf(page, 'entrepot_registry_cache_requests_total{result="hit"}')).toBeGreaterThanOrEqual(app.blobs.size)
    expect(sampleOf(page, "entrepot_registry_sent_bytes_total")).toBeGreaterThanOrEqual(2 * (blobs + app.manifest.length))
    expect(sampleOf(page, `entrepot_upstream_received_bytes_total{upstream="${upstream}"}`)).toBe(blobs + app.manifest.length)
    expect(sampleOf(page, `entrepot_upstream_errors_total{upstream="${upstream}",error="network"}`)).toBeGreaterThan(0)
    expect(sampleOf(page, `entrepot_upstream_healthy{upstream="${upstream}"}`)).toBe(0)
    expect(sampleOf(page, "entrepot_warehouse_blobs")).toBe(app.blobs.size)
    expect(sampleOf(page, "entrepot_warehouse_blob_bytes")).toBe(blobs)
    expect(sampleOf(page, 'entrepot_jobs{state="queued"}')).toBe(0)
    expect(sampleOf(page, "nodejs_eventloop_lag_p99_seconds")).toBeGreaterThan(0)

    // Those that only some servers have: a quota, an upstream that tells its budget.
    const told = new Set(["entrepot_warehouse_quota_bytes", ...[...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)])
    const dashboard = await readFile(join(folder, "grafana-dashboard.json"), "utf8")
    const expressions = [...dashboard.matchAll(/"(?:expr|query)": "((?:[^"\\]|\\.)*)"/g)].map(([, expression]) => expression)
    const rules = await readFile(join(folder, "alerts.yml"), "utf8")
    const used = [...expressions, rules].flatMap((each = "") => each.match(/\b(?:entrepot|nodejs|process)_[a-z0-9_]+/g) ?? [])
    expect(used.length).toBeGreaterThan(30)
    expect(used.map((name) => name.replace(/_(bucket|sum|count)$/, "")).filter((name) => !told.has(name))).toEqual([])
  })

  test("the files for Prometheus are taken by it as they stand", async () => {
    expect(await promtool(["check", "rules", join(folder, "alerts.yml")])).toMatchObject({ code: 0 })
    const directory = await mkdtemp(join(tmpdir(), "entrepot-prometheus-"))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    for (const file of ["prometheus.yml", "alerts.yml"]) {
      await writeFile(join(directory, file), await readFile(join(folder, file)))
    }
    await writeFile(join(directory, "entrepot-key"), "ept_key")
    expect(await promtool(["check", "config", join(directory, "prometheus.yml")])).toMatchObject({ code: 0 })
  })
})
