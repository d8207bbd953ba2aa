import type { AppRouter } from "@entrepot/server/router"
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server"

type Inputs = inferRouterInputs<AppRouter>
type Outputs = inferRouterOutputs<AppRouter>

/** What goes in and comes out, by the name of what it is. */
export type Job = Outputs["jobs"]["get"]
export type JobPage = Outputs["jobs"]["list"]
export type JobState = Job["state"]
export type BatchSummary = Outputs["jobs"]["summary"]
export type MirrorRequest = Inputs["jobs"]["start"]
export type BatchRequest = Inputs["jobs"]["startBatch"]
export type HistoryQuery = Inputs["jobs"]["list"]
export type Login = NonNullable<MirrorRequest["sourceLogin"]>
export type Target = Outputs["targets"]["get"]
export type TargetInput = Inputs["targets"]["create"]

/** A stream's events come with the place to go on from, or bare. */
type Bare<Event> = Event extends { readonly id: string; readonly data: infer Data } ? Data : Event
type Streamed<Stream> = Stream extends AsyncIterable<infer Event> ? Bare<Event> : never

export type FollowedEvent = Streamed<Outputs["jobs"]["follow"]>
export type QueueEvent = Streamed<Outputs["jobs"]["followQueue"]>
export type JobEvent = FollowedEvent["event"]
