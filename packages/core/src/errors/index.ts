/** What an error is and how it reads, without Node: for browsers as well. */

export { type ErrorCode, errorCodes, type Side } from "./error-code.ts"
export { describeHint } from "./hints.ts"
export { type Locale, localeOf, type Text } from "./locale.ts"
export { type DescribedError, describeError, describeErrorDetail } from "./messages.ts"
export { redact } from "./redact.ts"
export { type DescribedStage, describeStage, type StageParams } from "./stage-messages.ts"
export { isCancellation, isRetryable, isTransferError, TransferError, type TransferErrorDetails } from "./transfer-error.ts"
