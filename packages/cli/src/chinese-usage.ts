/** What commander says about wrong use, with the Chinese of it. `$1` and so on are names that somebody typed or declared. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^error: unknown option '(.*)'/, "错误：没有选项 $1"],
  [/^error: unknown command '(.*)'/, "错误：没有命令 $1"],
  [/^error: missing required argument '(.*)'/, "错误：缺少参数 $1"],
  [/^error: required option '(.*)' not specified/, "错误：缺少必需的选项 $1"],
  [/^error: option '(.*)' argument missing/, "错误：选项 $1 缺少值"],
  [/^error: option '(.*)' cannot be used with option '(.*)'/, "错误：选项 $1 与 $2 不能同时使用"],
  [/^error: option '(.*)' argument '(.*)' is invalid\. ?/s, "错误：选项 $1 的值 $2 不正确。"],
  [/^error: command-argument value '(.*)' is invalid for argument '(.*)'\. ?/s, "错误：参数 $2 的值 $1 不正确。"],
  [/^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\./, "错误：$1 只需 $2 个参数，收到 $3 个"],
  [/Allowed choices are (.*)\./, "可选值：$1"],
  [/Write true or false\./, "请写 true 或 false"],
  [/Write a whole number from (\d+) to (\d+)\./, "请写 $1 到 $2 之间的整数"],
  [/Write bytes a second like 20M, 512K or 1\.5G, at least 1024\./, "请写每秒字节数，如 20M、512K、1.5G，至少 1024"],
  [/Write the number that `history` and `jobs` show\./, "请写 history 和 jobs 显示的编号"],
  [/Write one or more of (.*), separated by commas\./, "请写其中一个或多个，以逗号分隔：$1"],
  [/^\(Did you mean one of (.*)\?\)$/m, "您是不是想输入以下之一：$1？"],
  [/^\(Did you mean (.*)\?\)$/m, "您是不是想输入 $1？"],
]

/** Commander's text about wrong use in Chinese; a sentence that is not known here stays as it is. */
export function usageInChinese(text: string): string {
  return sentences.reduce((result, [pattern, chinese]) => result.replace(pattern, chinese), text)
}

/** The words that commander adds to a description, and those of its usage line, in Chinese. */
export function helpInChinese(text: string): string {
  return text
    .replace(" (choices: ", " (可选: ")
    .replace(/([(,] ?)default: /, "$1默认: ")
    .replace("[options]", "[选项]")
    .replace("[command]", "[命令]")
}
