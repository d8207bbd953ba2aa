/** What a surface shows of a transfer, made of its events: plain data without Node, for terminals and browsers. */

export { formatBytes } from "./format-bytes.ts"
export { type BlobProgress, isSettled, noProgress, type Progress, reduceProgress } from "./reduce-progress.ts"
export { addSample, bytesPerSecond, type Samples } from "./speed.ts"
