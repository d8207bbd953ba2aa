/** The application for programs: every call with its types, streams that go on where they broke off, errors with codes. For Node and browsers. */

export type { AppRouter } from "@entrepot/server/router"
export { createEntrepotClient, type EntrepotClient, type EntrepotClientOptions } from "./create-entrepot-client.ts"
export { EntrepotError, type EntrepotErrorCode } from "./entrepot-error.ts"
export type { FollowOptions } from "./follow.ts"
export type {
  Answers,
  ApiKey,
  AuditEntry,
  BatchRequest,
  BatchSummary,
  CheckedTarget,
  FollowedEvent,
  HistoryQuery,
  InspectedImage,
  InspectRequest,
  Job,
  JobEvent,
  JobHost,
  JobPage,
  JobState,
  Login,
  Me,
  MirrorRequest,
  ParsedImage,
  QueueEvent,
  Schedule,
  ScheduleInput,
  Settings,
  SettingsChanges,
  StatisticsOverview,
  Target,
  TargetChanges,
  TargetCheck,
  TargetInput,
  User,
} from "./shapes.ts"
