import { z } from "zod"
import type { BatchRequest, MirrorOptions, MirrorRequest } from "../../jobs/job-service.ts"
import { given } from "./given.ts"

const optionsShape = {
  target_host: z.string().min(1).max(1024).optional().meta({ example: "harbor.example.com" }),
  target_username: z.string().max(256).optional(),
  target_password: z.string().max(4096).optional(),
  /** In place of the three above: a saved target. */
  target_id: z.number().int().positive().optional(),
  target_plain_http: z.boolean().optional(),
  target_tls_verify: z.boolean().optional(),
  source_username: z.string().max(256).optional(),
  source_password: z.string().max(4096).optional(),
  source_plain_http: z.boolean().optional(),
  naming: z.string().max(512).optional(),
  platforms: z.array(z.string().max(64)).max(64).optional(),
  referrers: z.boolean().optional(),
  non_distributable: z.boolean().optional(),
  force_upload: z.boolean().optional(),
  engine: z.enum(["direct", "docker"]).optional(),
  priority: z.number().int().min(-10).max(10).optional(),
}

const imageField = z.string().min(1).max(8192).meta({ example: "nginx:latest" })
const targetImageField = z.string().min(1).max(8192).optional().meta({ example: "harbor.example.com/proxy/nginx:latest" })

/** Seed 0's request, and what else a mirror can be asked for. */
export const mirrorBodySchema = z.object({ source_image: imageField, target_image: targetImageField, ...optionsShape })

/** Several images at once, under the seeds' field names. */
export const batchBodySchema = z.object({
  title: z.string().max(256).optional(),
  source_images: z
    .array(z.union([imageField, z.object({ source_image: imageField, target_image: targetImageField })]))
    .min(1)
    .max(1000),
  ...optionsShape,
})

type Options = Omit<z.output<typeof mirrorBodySchema>, "source_image" | "target_image">

/** The service's request of a REST body. */
export function mirrorRequestOf(body: z.output<typeof mirrorBodySchema>): MirrorRequest {
  return { image: body.source_image, ...given({ targetImage: body.target_image || undefined }), ...optionsOf(body) }
}

/** The same for several images. */
export function batchRequestOf(body: z.output<typeof batchBodySchema>): BatchRequest {
  const images = body.source_images.map((entry) =>
    typeof entry === "string" ? entry : { image: entry.source_image, ...given({ targetImage: entry.target_image }) },
  )
  return { images, ...given({ title: body.title }), ...optionsOf(body) }
}

/** A login that has only one half is sent as it is: the registry says what it thinks of it. */
function optionsOf(body: Options): MirrorOptions {
  return given({
    target: targetOf(body),
    sourceLogin:
      body.source_username === undefined ? undefined : { username: body.source_username, password: body.source_password ?? "" },
    naming: body.naming,
    platforms: body.platforms,
    referrers: body.referrers,
    nonDistributable: body.non_distributable,
    forceUpload: body.force_upload,
    engine: body.engine,
    priority: body.priority,
    sourcePlainHttp: body.source_plain_http,
  })
}

/** The saved target that a request names, the typed one, or none. */
export function targetOf(
  body: Pick<
    Options,
    "target_host" | "target_username" | "target_password" | "target_id" | "target_plain_http" | "target_tls_verify"
  >,
): MirrorOptions["target"] {
  if (body.target_id !== undefined) return { targetId: body.target_id }
  if (body.target_host === undefined) return undefined
  return {
    address: body.target_host,
    ...given({
      username: body.target_username || undefined,
      password: body.target_password || undefined,
      plainHttp: body.target_plain_http,
      tlsVerify: body.target_tls_verify,
    }),
  }
}
