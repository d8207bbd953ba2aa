/**
 * What the page of the interface does: lists the operations of openapi.json and tries them. Runs in the browser; everything that comes from a server is
 * put in as text. The key lives in the page's memory alone.
 */
export const docsScript = `
"use strict"
const texts = {
  zh: { mirror: "镜像代理", jobs: "任务", projects: "项目导入", targets: "目标仓库", registry: "镜像仓库", accounts: "账号", server: "服务状态",
    body: "请求体（JSON）", send: "发送", stop: "停止", anyone: "无需登录", viewer: "查看者及以上",
    operator: "操作员及以上", admin: "管理员", scope: "密钥权限", none: "不接受密钥", any: "任意密钥", answer: "响应结构", other: "English",
    failed: "请求没有到达服务器" },
  en: { mirror: "Mirror", jobs: "Jobs", projects: "Projects", targets: "Targets", registry: "Registry", accounts: "Accounts", server: "Server",
    body: "Request body (JSON)", send: "Send", stop: "Stop", anyone: "no login needed", viewer: "viewers and above",
    operator: "operators and above", admin: "administrators", scope: "key scope", none: "no keys", any: "any key", answer: "Shape of the answer",
    other: "中文", failed: "The request did not reach the server" },
}
let language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en"
let description

function make(tag, attributes, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "class") element.className = value
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

function resolve(schema, depth) {
  if (!schema || depth > 6) return undefined
  if (schema.$ref) return resolve(description.components.schemas[schema.$ref.split("/").pop()], depth + 1)
  if (schema.example !== undefined) return schema.example
  if (schema.const !== undefined) return schema.const
  if (schema.enum) return schema.enum.join(" | ")
  const choice = schema.anyOf || schema.oneOf || schema.allOf
  if (choice) return resolve(choice[0], depth + 1)
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type
  if (type === "object") {
    const result = {}
    for (const [name, part] of Object.entries(schema.properties || {})) result[name] = resolve(part, depth + 1)
    return result
  }
  if (type === "array") return [resolve(schema.items, depth + 1)]
  return type
}

/** Only what a request needs: fields that are required or have an example. */
function bodyExample(schema) {
  let shape = schema
  while (shape && (shape.$ref || shape.anyOf)) {
    shape = shape.$ref ? description.components.schemas[shape.$ref.split("/").pop()] : shape.anyOf[0]
  }
  const result = {}
  for (const [name, part] of Object.entries((shape && shape.properties) || {})) {
    if ((shape.required || []).includes(name) || part.example !== undefined) result[name] = part.example === undefined ? "" : part.example
  }
  return JSON.stringify(result, null, 2)
}

function fieldsOf(operation) {
  return (operation.parameters || []).map((parameter) => {
    const input = make("input", { id: operation.operationId + "." + parameter.name, spellcheck: "false", autocomplete: "off" })
    const label = make("label", { for: input.id }, parameter.name + (parameter.required ? " *" : ""))
    return { parameter, input, label }
  })
}

function addressOf(path, fields) {
  let address = path
  const query = new URLSearchParams()
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") address = address.replace("{" + parameter.name + "}", encodeURIComponent(input.value))
    else if (input.value !== "") query.set(parameter.name, input.value)
  }
  return query.size === 0 ? address : address + "?" + query
}

async function send(method, path, fields, body, status, output, controller) {
  const headers = { "accept-language": language === "zh" ? "zh-CN" : "en" }
  const key = document.getElementById("key").value.trim()
  if (key !== "") headers.authorization = "Bearer " + key
  if (body) headers["content-type"] = "application/json"
  status.className = "status"
  status.textContent = "…"
  output.textContent = ""
  try {
    const response = await fetch(addressOf(path, fields), { method, headers, body: body ? body.value : undefined, signal: controller.signal })
    status.className = "status " + (response.ok ? "good" : "bad")
    status.textContent = response.status + " " + response.statusText
    await show(response, output)
  } catch (error) {
    if (error.name === "AbortError") return
    status.className = "status bad"
    status.textContent = texts[language].failed
  }
}

async function show(response, output) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ""
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text = (text + part.value).slice(-200000)
    output.textContent = text
  }
  if ((response.headers.get("content-type") || "").startsWith("application/json")) {
    output.textContent = JSON.stringify(JSON.parse(text), null, 2)
  }
}

function inside(method, path, operation) {
  const t = texts[language]
  const fields = fieldsOf(operation)
  const content = operation.requestBody && operation.requestBody.content["application/json"]
  const body = content ? make("textarea", { spellcheck: "false", "aria-label": t.body }) : undefined
  if (body) body.value = bodyExample(content.schema)
  const status = make("div", { class: "status", role: "status" })
  const output = make("pre", { tabindex: "0" })
  let running
  const run = make("button", { class: "run", type: "button", onclick: async () => {
    if (running) return running.abort()
    running = new AbortController()
    run.textContent = t.stop
    await send(method, path, fields, body, status, output, running)
    running = undefined
    run.textContent = t.send
  } }, t.send)
  const right = operation["x-right"]
  const keys = right.who === "anyone" ? "" : right.keys === "none" || right.keys === "any" ? " · " + t[right.keys] : " · " + t.scope + " " + right.keys
  const answer = Object.entries(operation.responses).find(([code]) => code.startsWith("2"))
  const media = answer ? Object.values(answer[1].content)[0] : undefined
  const shape = media && resolve(media.schema, 0)
  return make("div", { class: "inside" },
    make("div", { class: "right" }, t[right.who] + keys),
    ...(fields.length ? [make("div", { class: "fields" }, ...fields.flatMap(({ label, input }) => [label, input]))] : []),
    ...(body ? [make("div", { class: "right" }, t.body), body] : []),
    run, status, output,
    ...(shape && typeof shape === "object" ? [make("div", { class: "right" }, t.answer), make("pre", {}, JSON.stringify(shape, null, 2))] : []))
}

function render() {
  const t = texts[language]
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en"
  document.getElementById("language").textContent = t.other
  for (const element of document.querySelectorAll("[data-zh]")) element.textContent = element.dataset[language]
  const groups = description.tags.map(({ name }) => {
    const entries = Object.entries(description.paths).flatMap(([path, methods]) => Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(name))
      .map(([method, operation]) => {
        const upper = method.toUpperCase()
        const details = make("details", { id: operation.operationId },
          make("summary", {}, make("span", { class: "method " + upper }, upper), make("span", { class: "path" }, path),
            make("span", { class: "what" }, operation["x-summary"][language])))
        details.addEventListener("toggle", () => {
          if (details.open && details.children.length === 1) details.append(inside(upper, path, operation))
        })
        return details
      }))
    return make("section", {}, make("h2", {}, t[name]), ...entries)
  })
  document.getElementById("operations").replaceChildren(...groups)
}

document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh"
  render()
})
fetch("/api/openapi.json").then((response) => response.json()).then((found) => {
  description = found
  render()
})
`
