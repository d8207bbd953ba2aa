import type { ErrorCode, Side } from "./error-code.ts"
import type { Locale, Text } from "./locale.ts"

/** A code's sentence, and where the side changes what it means to a person, that side's own. */
type Sentences = { readonly any: Text } & { readonly [S in Side]?: Text }

const networkFailed = { zh: "网络连接失败，请检查网络环境", en: "The network connection failed; check the network" }
const targetRefusedLogin = {
  zh: "目标仓库认证失败，请检查用户名密码",
  en: "The target registry refused the login; check user and password",
}
const sourceMissing = { zh: "源镜像不存在或无法访问", en: "The source image does not exist or cannot be accessed" }
const pushFailed = { zh: "推送到目标仓库失败", en: "Pushing to the target registry failed" }
const dockerFailed = { zh: "Docker服务异常", en: "The Docker service is not working" }

/** Seed 0 section 4.2, and its voice for everything that it does not name. */
const sentences = {
  reference_invalid: { any: { zh: "镜像名称格式不正确", en: "This is not an image name" } },
  usage: { any: { zh: "参数不正确，请检查输入", en: "The options cannot be understood; check the input" } },
  naming_collision: {
    any: {
      zh: "多个源镜像对应同一个目标镜像，请修改命名规则",
      en: "Several sources would become the same target; change the naming rule",
    },
  },
  network: { any: networkFailed },
  tls: { any: { zh: "TLS证书验证失败，请检查证书", en: "The TLS certificate could not be verified; check the certificate" } },
  address_blocked: { any: { zh: "服务器返回了不允许访问的地址", en: "A server's answer led to an address that is not allowed" } },
  unauthorized: {
    any: { zh: "仓库认证失败，请检查用户名密码", en: "The registry refused the login; check user and password" },
    source: sourceMissing,
    target: targetRefusedLogin,
  },
  forbidden: {
    any: { zh: "没有访问权限，请检查账号权限", en: "Access is not permitted; check the rights of the account" },
    source: sourceMissing,
    target: targetRefusedLogin,
  },
  not_found: {
    any: { zh: "镜像不存在", en: "There is no such image" },
    source: sourceMissing,
    target: pushFailed,
  },
  rate_limited: {
    any: { zh: "请求过于频繁，请稍后再试", en: "Too many requests; try again later" },
    source: { zh: "源仓库限制了请求频率，请稍后再试", en: "The source registry limits requests; try again later" },
    target: { zh: "目标仓库限制了请求频率，请稍后再试", en: "The target registry limits requests; try again later" },
  },
  server_error: {
    any: { zh: "仓库服务异常，请稍后再试", en: "The registry is not working; try again later" },
    source: { zh: "源仓库服务异常，请稍后再试", en: "The source registry is not working; try again later" },
    target: pushFailed,
  },
  protocol: {
    any: { zh: "仓库返回了无法识别的响应", en: "The registry gave an answer that cannot be understood" },
    target: pushFailed,
  },
  digest_mismatch: {
    any: { zh: "镜像数据校验失败", en: "The image data does not match its digest" },
    target: pushFailed,
  },
  too_large: {
    any: { zh: "数据超过允许的大小", en: "The data is larger than allowed" },
    target: pushFailed,
  },
  rejected: {
    any: { zh: "仓库拒绝了请求", en: "The registry rejected the request" },
    target: pushFailed,
  },
  unsupported: {
    any: { zh: "不支持该操作", en: "This is not supported" },
    target: pushFailed,
  },
  archive_invalid: { any: { zh: "镜像文件已损坏或格式不正确", en: "The image archive is damaged or not in a known format" } },
  local_io: {
    any: { zh: "本地读写失败，请检查磁盘空间和权限", en: "Local reading or writing failed; check disk space and permissions" },
  },
  docker_unavailable: { any: dockerFailed },
  cancelled: { any: { zh: "已取消", en: "Cancelled" } },
} as const satisfies Record<ErrorCode, Sentences>

/** What an error is about; a TransferError and the failure inside an outcome both are. */
export interface DescribedError {
  readonly code: ErrorCode
  readonly side?: Side | undefined
  readonly host?: string | undefined
  readonly status?: number | undefined
  readonly attempts?: number | undefined
}

/** The sentence that a person reads for an error: seed 0's words in Chinese, the same beside it in English. */
export function describeError(error: DescribedError, locale: Locale): string {
  const sentence: Sentences = sentences[error.code]
  return ((error.side === undefined ? undefined : sentence[error.side]) ?? sentence.any)[locale]
}

/** Where and how it failed, to stand behind the sentence: `harbor.example.com, HTTP 502, attempt 6`. Undefined when nothing is known. */
export function describeErrorDetail(error: DescribedError, locale: Locale): string | undefined {
  const parts: string[] = []
  if (error.host !== undefined) parts.push(error.host)
  if (error.status !== undefined) parts.push(`HTTP ${error.status}`)
  if (error.attempts !== undefined && error.attempts > 1) {
    parts.push(locale === "zh" ? `第${error.attempts}次尝试` : `attempt ${error.attempts}`)
  }
  return parts.length === 0 ? undefined : parts.join(locale === "zh" ? "，" : ", ")
}
