import { expect, test } from "vitest"
import type { Runtime } from "../runtime/runtime.ts"
import { testApi } from "./api.fixture.ts"

async function addJobs(
  { database }: Runtime,
  count: number,
  changes: { readonly ownerId?: number; readonly source?: string } = {},
) {
  const { ownerId = 1, source = "nginx" } = changes
  const jobs = Array.from({ length: count }, (_, index) => ({
    ownerId,
    source: `${source}:${index}`,
    target: `harbor.example.com/proxy/nginx:${index}`,
    sourceHost: "docker.io",
    targetHost: "harbor.example.com",
    request: { source: "docker://nginx", target: "docker://harbor.example.com/nginx", engine: "direct" } as const,
    priority: 0,
  }))
  // Of a terminal: no runner of the server takes them up.
  return database.jobs.create(jobs, Date.UTC(2026, 10, 21, 12), "terminal")
}

const idsOf = (csv: string) =>
  csv
    .trimEnd()
    .split("\r\n")
    .slice(1)
    .map((line) => Number(line.split(",")[0]))

test("all jobs that match are a CSV file with a name of its own, however many pages they are", async () => {
  const api = await testApi()
  const as = await api.admin()
  await addJobs(api.runtime, 450)
  const { status, headers, text } = await api.ask("GET /api/jobs/export", { as })
  expect(status).toBe(200)
  expect(headers["content-type"]).toBe("text/csv; charset=utf-8; header=present")
  expect(headers["content-disposition"]).toMatch(/^attachment; filename="entrepot-jobs-\d{4}-\d\d-\d\d\.csv"$/)
  expect(idsOf(text)).toEqual(Array.from({ length: 450 }, (_, index) => 450 - index))
  expect(text.startsWith("\uFEFF")).toBe(true)
  expect(text.slice(1).split("\r\n").slice(0, 2)).toEqual([
    "id,kind,parent_id,source_image,target_image,target_host,status,message,stage,progress,bytes_done,bytes_total,digest,unchanged," +
      "attempts,wait_reason,wait_until,error_msg,error_code,duration,created_at,started_at,ended_at",
    "450,mirror,,nginx:449,harbor.example.com/proxy/nginx:449,harbor.example.com,queued,准备开始...,,0,0,0,,false,0,,,,,,2026-11-21T12:00:00Z,,",
  ])
})

test("as JSON it is an array of what GET /api/jobs tells, and an empty one where nothing matches", async () => {
  const api = await testApi()
  const as = await api.admin()
  await addJobs(api.runtime, 203)
  const exported = await api.ask("GET /api/jobs/export?format=json", { as })
  expect(exported.headers["content-type"]).toBe("application/json; charset=utf-8")
  expect(exported.json.length).toBe(203)
  const listed = await api.ask("GET /api/jobs?limit=1", { as })
  expect(exported.json[0]).toEqual(listed.json.jobs[0])
  const none = await api.ask("GET /api/jobs/export?format=json&search=nowhere", { as })
  expect([none.status, none.json]).toEqual([200, []])
})

test("what is exported is narrowed as a list is: states, text, host, time", async () => {
  const api = await testApi()
  const as = await api.admin()
  const [first, second, third] = await addJobs(api.runtime, 3)
  await api.runtime.database.jobs.cancel(first?.id ?? 0, Date.now())
  const ids = async (query: string) => idsOf((await api.ask(`GET /api/jobs/export?${query}`, { as })).text)
  expect(await ids("status=cancelled")).toEqual([first?.id])
  expect(await ids("status=cancelled,queued")).toEqual([third?.id, second?.id, first?.id])
  expect(await ids("search=NGINX:1")).toEqual([second?.id])
  expect(await ids("host=harbor.example.com&status=queued")).toEqual([third?.id, second?.id])
  expect(await ids("host=elsewhere.example.com")).toEqual([])
  expect(await ids("since=2026-11-21T12:00:00Z&until=2026-11-22")).toEqual([third?.id, second?.id, first?.id])
  expect(await ids("until=2026-11-21T12:00:00Z")).toEqual([])
  expect(await ids(`since=${Date.UTC(2026, 10, 22)}`)).toEqual([])
  expect(await ids("kind=mirror&host=harbor.example.com&status=queued")).toEqual([third?.id, second?.id])
  expect(await ids("kind=batch")).toEqual([])
  const listed = await api.ask("GET /api/jobs?status=cancelled,failed&host=docker.io", { as })
  expect(listed.json.jobs.map(({ id }: { id: number }) => id)).toEqual([first?.id])
  for (const query of ["status=done", "since=yesterday", "format=xml", "kind=image"]) {
    expect((await api.ask(`GET /api/jobs/export?${query}`, { as })).status, query).toBe(400)
  }
})

test("S18: a name that a spreadsheet would calculate is text in the file", async () => {
  const api = await testApi()
  const as = await api.admin()
  await addJobs(api.runtime, 1, { source: '=HYPERLINK("http://evil.example","x")' })
  const { text } = await api.ask("GET /api/jobs/export", { as })
  expect(text).toContain(`,"'=HYPERLINK(""http://evil.example"",""x""):0",`)
})

test("S13: an operator takes own jobs along, and nobody who is not logged in any", async () => {
  const api = await testApi()
  const operator = await api.user("operator")
  const { userId } = await api.actorOf(operator)
  await addJobs(api.runtime, 2)
  const [own] = await addJobs(api.runtime, 1, { ownerId: userId })
  expect(idsOf((await api.ask("GET /api/jobs/export", { as: operator })).text)).toEqual([own?.id])
  expect((await api.ask("GET /api/jobs/export")).status).toBe(401)
})

test("a link is enough: the cookie without an Origin, and HEAD says what would come", async () => {
  const api = await testApi()
  const as = await api.admin()
  await addJobs(api.runtime, 1)
  const link = await api.ask("GET /api/jobs/export", { headers: { cookie: as, "sec-fetch-site": "same-origin" } })
  expect([link.status, idsOf(link.text)]).toEqual([200, [1]])
  const head = await api.ask("HEAD /api/jobs/export", { as })
  expect([head.status, head.text, head.headers["content-type"]]).toEqual([200, "", "text/csv; charset=utf-8; header=present"])
})
