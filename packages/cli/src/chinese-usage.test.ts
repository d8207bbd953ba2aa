import { Command, Option } from "commander"
import { expect, test } from "vitest"
import { helpInChinese, usageInChinese } from "./chinese-usage.ts"
import { parseCount } from "./options/parse-count.ts"
import { parseRate } from "./options/parse-rate.ts"
import { parseSwitch } from "./options/parse-switch.ts"

/** What commander itself says to these words. */
function complaint(...words: string[]): string {
  let said = ""
  const write = (text: string) => {
    said += text
  }
  const root = new Command("entrepot").exitOverride().configureOutput({ writeErr: write })
  const command = new Command("mirror").copyInheritedSettings(root).argument("<image>")
  command.requiredOption("-r, --repository <name>").option("--max <n>", "", parseCount(1, 64)).option("--rate <n>", "", parseRate)
  command.option("--tls <bool>", "", parseSwitch).addOption(new Option("--json").conflicts("plain")).option("--plain")
  command.addOption(new Option("--engine <name>").choices(["direct", "docker"]))
  root.addCommand(command).addCommand(new Command("list").copyInheritedSettings(root).argument("<a>"))
  expect(() => root.parse(words, { from: "user" })).toThrow()
  return said
}

test("all that commander says about wrong use has its Chinese", () => {
  const said = (...words: string[]) => usageInChinese(complaint(...words)).trimEnd()
  expect(said("mirrror")).toBe("错误：没有命令 mirrror\n您是不是想输入 mirror？")
  expect(said("mirror", "a", "-r", "a", "--enginee")).toBe("错误：没有选项 --enginee\n您是不是想输入 --engine？")
  expect(said("mirror")).toBe("错误：缺少必需的选项 -r, --repository <name>")
  expect(said("mirror", "-r", "a")).toBe("错误：缺少参数 image")
  expect(said("mirror", "-r")).toBe("错误：选项 -r, --repository <name> 缺少值")
  expect(said("list", "a", "b")).toBe("错误：list 只需 1 个参数，收到 2 个")
  expect(said("mirror", "a", "-r", "a", "--json", "--plain")).toBe("错误：选项 --json 与 --plain 不能同时使用")
  expect(said("mirror", "--engine", "x")).toBe("错误：选项 --engine <name> 的值 x 不正确。可选值：direct, docker")
  expect(said("mirror", "--max", "0")).toBe("错误：选项 --max <n> 的值 0 不正确。请写 1 到 64 之间的整数")
  expect(said("mirror", "--tls", "maybe")).toBe("错误：选项 --tls <bool> 的值 maybe 不正确。请写 true 或 false")
  expect(said("mirror", "--rate", "x")).toBe("错误：选项 --rate <n> 的值 x 不正确。请写每秒字节数，如 20M、512K、1.5G，至少 1024")
})

test("what commander adds to descriptions and usage lines has its Chinese, and a name that looks like it stays", () => {
  expect(helpInChinese('传输方式 (choices: "direct", "docker", default: "direct")')).toBe(
    '传输方式 (可选: "direct", "docker", 默认: "direct")',
  )
  expect(helpInChinese("entrepot [options] [command]")).toBe("entrepot [选项] [命令]")
  expect(helpInChinese("list")).toBe("list")
})
