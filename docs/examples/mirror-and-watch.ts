import { createEntrepotClient } from "@entrepot/client"

const { ENTREPOT_SERVER: url = "http://127.0.0.1:8080", ENTREPOT_TOKEN: token } = process.env
const [image = "nginx:1.27", address] = process.argv.slice(2)
const client = createEntrepotClient({ url, token })
const job = await client.jobs.start.mutate({ image, ...(address && { target: { address } }) })
console.log(`job ${job.id}: ${job.source} -> ${job.target}`)
for await (const { event } of client.jobs.follow(job.id)) {
  if (event.type === "blob" && event.state === "done") console.log(`  ${event.digest.slice(7, 19)} ${event.size} bytes`)
  if (event.type === "outcome") console.log(event.outcome, event.error?.message ?? event.digest)
}
client.close()
