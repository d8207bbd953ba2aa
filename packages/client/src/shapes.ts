import type { AppRouter } from "@entrepot/server/router"
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server"

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>

/** What every procedure answers, by its name: for programs that show made-up answers. */
export type Answers = Outputs

/** What goes in and comes out, by the name of what it is. */
export type Job = Outputs["jobs"]["get"]
/** A page of the history, and the cursor of the next. */
export type JobPage = Outputs["jobs"]["list"]
/** A registry of recent jobs, on its side, and how many of them it is an end of. */
export type JobHost = Outputs["jobs"]["hosts"]["hosts"][number]
/** Where a job stands. */
export type JobState = Job["state"]
/** How many of a batch's jobs are in which state. */
export type BatchSummary = Outputs["jobs"]["summary"]
/** One image to be copied. */
export type MirrorRequest = Inputs["jobs"]["start"]
/** Several images to be copied. */
export type BatchRequest = Inputs["jobs"]["startBatch"]
/** Which jobs of the history. */
export type HistoryQuery = Inputs["jobs"]["list"]
/** User and password for one registry and this job alone. */
export type Login = NonNullable<MirrorRequest["sourceLogin"]>
/** A question to an image's registry. */
export type InspectRequest = Inputs["image"]["inspect"]
/** What a registry says an image is: digest, size, platforms. */
export type InspectedImage = Outputs["image"]["inspect"]
/** An image name in its parts. */
export type ParsedImage = Outputs["image"]["parse"]
/** What ended, by time and by registry. */
export type StatisticsOverview = Outputs["statistics"]["overview"]
/** What the registry served, by time, upstream and repository. */
export type ServedOverview = Outputs["statistics"]["served"]
/** A saved place to copy to; its password never comes back. */
export type Target = Outputs["targets"]["get"]
/** A place to be saved. */
export type TargetInput = Inputs["targets"]["create"]
/** What a saved place was changed to. */
export type TargetChanges = Inputs["targets"]["update"]["changes"]
/** A place that is asked whether it could be copied to. */
export type CheckedTarget = Inputs["targets"]["check"]
/** Reachable, TLS, credentials, push: four answers. */
export type TargetCheck = Outputs["targets"]["check"]
/** What is copied again and again. */
export type Schedule = Outputs["schedules"]["get"]
/** A schedule to be saved. */
export type ScheduleInput = Inputs["schedules"]["create"]
/** Who is logged in. */
export type Me = Outputs["accounts"]["me"]
/** A key for programs, without its secret. */
export type ApiKey = Outputs["accounts"]["keys"]["list"][number]
/** Somebody who may log in. */
export type User = Outputs["accounts"]["users"]["list"][number]
/** Something that somebody did, or was refused. */
export type AuditEntry = Outputs["accounts"]["audit"][number]
/** What can be changed while the server runs: in force, configured, and whether an administrator has saved it. */
export type Settings = Outputs["settings"]["get"]
/** What is to be saved of the settings; `configured` forgets what was. */
export type SettingsChanges = Inputs["settings"]["update"]

/** A namespace of images: where they are imported to, and who may pull them. */
export type Project = Outputs["projects"]["get"]
/** Somebody's place in a project. */
export type ProjectMember = Outputs["projects"]["members"]["list"][number]
/** Where this server's registry is, for commands that people copy. */
export type RegistryPlace = Outputs["registry"]["place"]
/** What the registry keeps in all. */
export type RegistryUsage = Outputs["registry"]["usage"]
/** A repository of the registry, hosted or read through upstreams. */
export type Repository = Outputs["registry"]["repositories"]["repositories"][number]
/** A page of them, and `after` of the next. */
export type RepositoryPage = Outputs["registry"]["repositories"]
/** A tag of a repository. */
export type RepositoryTag = Outputs["registry"]["tags"]["tags"][number]
/** One of them with what it is made of. */
export type StoredImage = Outputs["registry"]["image"]
/** A look after what the registry keeps: garbage, eviction, scrubbing. */
export type CareRun = Outputs["registry"]["care"][number]
/** One to be begun. */
export type CareRequest = Inputs["registry"]["startCare"]
/** A manifest of a repository. */
export type RepositoryManifest = Outputs["registry"]["manifests"]["manifests"][number]
/** A registry that images are read through; its password never comes back. */
export type Upstream = Outputs["upstreams"]["get"]
/** One to be saved. */
export type UpstreamInput = Inputs["upstreams"]["create"]
/** What one was changed to. */
export type UpstreamChanges = Inputs["upstreams"]["update"]["changes"]
/** One that is asked whether it could be read from. */
export type CheckedUpstream = Inputs["upstreams"]["check"]
/** Reachable, TLS, credentials: three answers. */
export type UpstreamCheck = Outputs["upstreams"]["check"]
/** Somebody who may `docker login`, and nothing else. */
export type PullUser = Outputs["pullUsers"]["list"][number]
/** A prefix of images that anybody may pull, or nobody. */
export type AccessRule = Outputs["accessRules"]["list"][number]
/** What an anonymous pull of an image meets. */
export type AccessAnswer = Outputs["accessRules"]["explain"]
/** Whether people need to log in to pull through upstreams. */
export type PullMode = Outputs["accessRules"]["mode"]
/** One request to the registry. */
export type AccessRecord = Outputs["accessLog"]["list"]["entries"][number]
/** Which of them. */
export type AccessQuery = Inputs["accessLog"]["list"]
/** Who is told of jobs and upstreams, without address and secret. */
export type Webhook = Outputs["webhooks"]["list"]["webhooks"][number]
/** One to be saved. */
export type WebhookInput = Inputs["webhooks"]["create"]
/** What one was changed to. */
export type WebhookChanges = Inputs["webhooks"]["update"]["changes"]
/** One message to one webhook. */
export type Delivery = Outputs["webhooks"]["deliveries"]["deliveries"][number]
/** A page of them, and `before` of the next. */
export type DeliveryPage = Outputs["webhooks"]["deliveries"]
/** One with what was, or is to be, sent. */
export type DeliveryWithBody = Outputs["webhooks"]["delivery"]

/** What a stream of them is narrowed to. */
export type AccessFilter = Omit<AccessQuery, "before" | "limit" | "from" | "to">

/** A stream's events come with the place to go on from, or bare. */
type Bare<Event> = Event extends { readonly id: string; readonly data: infer Data } ? Data : Event
type Streamed<Stream> = Stream extends AsyncIterable<infer Event> ? Bare<Event> : never

/** An event of a job's stream, with its number and time. */
export type FollowedEvent = Streamed<Outputs["jobs"]["follow"]>
/** A change of the queue. */
export type QueueEvent = Streamed<Outputs["jobs"]["followQueue"]>
/** Entries of the access log that came since the last such news. */
export type AccessNews = Streamed<Outputs["accessLog"]["follow"]>
/** What happened to a job. */
export type JobEvent = FollowedEvent["event"]
