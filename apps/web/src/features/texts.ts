import type { Locale, Text } from "@entrepot/core/locale"

const texts = {
  title: { zh: "Docker镜像代理服务", en: "Entrepot: container images across the border" },
  token: { zh: "Token", en: "Token" },
  setupCode: { zh: "初始化代码（如已设置）", en: "Setup code, where one is configured" },
  logIn: { zh: "登录", en: "Log in" },
  logOut: { zh: "退出登录", en: "Log out" },
  changeFirst: {
    zh: "默认Token只能用来修改它自己。请设置新的Token。",
    en: "The default token can do nothing but change itself. Choose a new one.",
  },
  newToken: { zh: "新Token", en: "New token" },
  change: { zh: "修改", en: "Change it" },
  source: { zh: "源镜像", en: "Source image" },
  target: { zh: "仓库地址", en: "Target registry" },
  username: { zh: "用户名", en: "User name" },
  password: { zh: "密码", en: "Password" },
  start: { zh: "开始代理", en: "Start" },
  cancel: { zh: "取消", en: "Cancel" },
  retry: { zh: "重试", en: "Try again" },
  history: { zh: "代理历史", en: "Jobs" },
  follow: { zh: "查看", en: "Watch" },
  nothing: { zh: "还没有任务", en: "No jobs yet" },
  broken: { zh: "连接中断，正在重新连接…", en: "Disconnected; connecting again…" },
  queued: { zh: "排队中", en: "queued" },
  waiting: { zh: "等待中", en: "waiting" },
  running: { zh: "执行中", en: "running" },
  succeeded: { zh: "成功", en: "succeeded" },
  failed: { zh: "失败", en: "failed" },
  cancelled: { zh: "已取消", en: "cancelled" },
  waitsForCredentials: { zh: "需要重新输入用户名和密码", en: "Waits for user and password" },
  waitsForHost: { zh: "仓库限流，等待至 {time}", en: "The registry limits us; waits until {time}" },
} as const satisfies Record<string, Text>

export type Say = (name: keyof typeof texts, values?: { readonly time?: string }) => string

/** The words of the page in one language. */
export function speak(locale: Locale): Say {
  return (name, { time = "" } = {}) => texts[name][locale].replace("{time}", () => time)
}
