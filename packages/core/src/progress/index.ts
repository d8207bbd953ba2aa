/** What a surface shows of a transfer, made of its events: plain data without Node, for terminals and browsers. */

export { type EngineName, engineStages } from "../transfer/engine-stages.ts"
export { parseRate, slowestRate } from "../transfer/parse-rate.ts"
export { formatBytes } from "./format-bytes.ts"
export { formatDuration } from "./format-duration.ts"
export { type BlobProgress, isSettled, noProgress, type Progress, reduceProgress } from "./reduce-progress.ts"
export { addSample, bytesPerSecond, type Samples } from "./speed.ts"
