/** The application's face, for whoever starts it: the web app's entry, and the command line's `serve` and local mode. */

export { preferredLocale } from "./api/preferred-locale.ts"
export type { Configuration, LogLevel } from "./configuration/configuration.ts"
export { type ReadConfigurationOptions, readConfiguration } from "./configuration/read-configuration.ts"
export { ServiceError, type ServiceErrorCode, serviceErrorCodes } from "./errors/service-error.ts"
export { acceptedEncoding, type Encoding } from "./http/accepted-encoding.ts"
export { compressAnswer } from "./http/compress-answer.ts"
export { createLog, type LogOptions, secretsOf } from "./logging/create-log.ts"
export { createRuntime } from "./runtime/create-runtime.ts"
export type { Log, Runtime, Services } from "./runtime/runtime.ts"
export { serveUntilSignal } from "./serve-until-signal.ts"
export { type Pages, type RunningServer, type StartServerOptions, startServer } from "./start-server.ts"
