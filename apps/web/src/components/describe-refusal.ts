import type { Locale } from "@entrepot/core/locale"

/** What the application says beside a refusal's sentence, and the same in Chinese; `$1` is what stands there. */
const details: readonly (readonly [RegExp, string])[] = [
  [/^somebody else changed the token meanwhile; log in with the new one$/, "Token刚刚被其他人修改，请使用新的Token登录"],
  [/^somebody else changed this target meanwhile; look at it again$/, "该目标仓库刚刚被其他人修改，请重新查看"],
  [/^(.+) is who the token logs in; it can be disabled, not removed$/, "$1 是Token登录的用户，只能停用，不能删除"],
  [/^(.+) is the last administrator$/, "$1 是最后一个可以登录的管理员"],
  [/^(.+) projects or schedules use this target; give them another first$/, "有 $1 个项目或定时任务正在使用该目标仓库，请先更换"],
  [/^there is a user (.+) already$/, "用户 $1 已存在"],
  [/^a key cannot have expired before it is made$/, "有效期不能早于现在"],
  [/^a key needs a scope$/, "请至少选择一个权限范围"],
  [/^a key has a name of 1 to (.+) printable characters$/, "密钥名称为1到$1个可见字符"],
  [/^a password needs a user name$/, "填写密码时需要同时填写用户名"],
  [/^a password has at least (.+) characters$/, "密码至少$1个字符"],
  [/^a password has at most (.+) characters$/, "密码最多$1个字符"],
  [/^a role is (.+)$/, "角色只能是 $1"],
  [/^a schedule has a name of 1 to (.+) printable characters$/, "定时任务名称为1到$1个可见字符"],
  [/^a target has a name of 1 to (.+) printable characters$/, "目标仓库名称为1到$1个可见字符"],
  [/^a token has at least (.+) characters$/, "Token至少$1个字符"],
  [/^a token has at most (.+) characters$/, "Token最多$1个字符"],
  [/^a token neither begins nor ends with a blank$/, "Token首尾不能有空格"],
  [/^a user name at a registry has 1 to (.+) printable characters and no colon$/, "仓库用户名为1到$1个可见字符，且不能包含冒号"],
  [/^a user name has 1 to 64 of .+$/, "用户名为1到64个小写字母、数字或 . _ @ - ，首尾必须是字母或数字"],
  [/^everybody knows this token; choose another$/, "这是公开的默认Token，请换一个"],
  [/^the CA is no certificate in PEM form$/, "CA证书不是PEM格式的证书"],
  [/^the CA is no certificate in PEM form, or longer than 256 KiB$/, "CA证书不是PEM格式的证书，或超过256 KiB"],
  [/^the password is empty; null forgets the one that is kept$/, "密码不能为空"],
  [/^this is the present password; choose another$/, "新密码与当前密码相同，请换一个"],
  [/^this is the present token; choose another$/, "新Token与当前Token相同，请换一个"],
  [/^this password is easily guessed; choose another$/, "密码太容易被猜到，请换一个"],
  [/^this time never comes; look at day and month$/, "该时间永远不会到来，请检查日期和月份"],
  [/^this time zone is not known; Asia\/Shanghai is one$/, "无法识别该时区，正确的写法如 Asia/Shanghai"],
  [/^an upstream's URL is written like .+$/, "镜像源地址应以https://或http://开头，例如 https://registry.example.com"],
  [/^user and password have fields of their own, not in the URL$/, "请在用户名和密码栏填写账号，不要写在地址中"],
  [/^a path prefix is written like .+$/, "路径前缀应与镜像路径的写法相同，例如 dockerhub-cache"],
  [
    /^a registry is named as images name it: .+$/,
    "请按镜像名中的写法填写仓库，例如 docker.io、ghcr.io、registry.example.com:5000",
  ],
  [/^virtual hosts are at most (.+) names such as .+$/, "专用域名最多$1个，例如 hub.mirror.example.com"],
  [/^an upstream has a name of 1 to (.+) printable characters$/, "镜像源名称为1到$1个可见字符"],
  [/^a tag's lifetime is from 0 to 30 days, in milliseconds$/, "标签缓存时间最长30天"],
  [/^only upstreams of one registry have an order .+$/, "只能调整同一仓库的镜像源顺序"],
  [/^there is an upstream (.+) already$/, "镜像源 $1 已存在"],
  [/^there is a pull user (.+) already$/, "拉取用户 $1 已存在"],
  [/^ACCOUNTS or REGISTRY_ANONYMOUS decides .+$/, "是否需要登录由ACCOUNTS或REGISTRY_ANONYMOUS决定"],
  [/^there is no such upstream$/, "该镜像源已被删除"],
  [/^there is no such rule$/, "该规则已被删除"],
  [/^there is no such pull user$/, "该拉取用户已被删除"],
  [/^there is no such member$/, "该用户已不是项目成员"],
  [/^a pull user's name has .+$/, "用户名为1到64个字母、数字或 . _ @ - ，首尾必须是字母或数字"],
  [/^a pull user's password has at least (.+) characters$/, "密码至少$1个字符"],
  [/^a password that begins with ept_ would be taken for a key$/, "密码不能以ept_开头，否则会被当作密钥"],
  [/^this is no prefix of image names: it would mean every image; .+$/, "不能包含所有镜像，请填写仓库或镜像名的开头部分"],
  [/^this is no prefix of image names: .+$/, "这不是有效的镜像名前缀"],
  [/^a cron expression has at most (.+) characters$/, "Cron表达式最多$1个字符"],
  [/^this is no cron expression: .+$/, "Cron表达式不正确，应为分、时、日、月、星期五个字段，例如 0 3 * * *"],
  [/^several targets are being checked already; try again in a moment$/, "正在测试多个目标仓库，请稍后再试"],
  [/^too many logins at once; try again in a moment$/, "同时登录的人过多，请稍后再试"],
  [/^nobody has more than (.+) schedules; remove one first$/, "每人最多$1个定时任务，请先删除一个"],
  [/^nobody has more than (.+) keys; remove one first$/, "每人最多$1个密钥，请先删除一个"],
  [/^too many failed logins; try again in (.+) s$/, "登录失败次数过多，请在$1秒后重试"],
  [
    /^passwords cannot be kept: no master key is configured \(MASTER_KEY_FILE\)$/,
    "无法保存密码：没有配置主密钥（MASTER_KEY_FILE）",
  ],
  [
    /^the saved password of (.+) cannot be opened with the present master keys; give it anew$/,
    "现有的主密钥无法解开 $1 已保存的密码，请重新输入",
  ],
]

/** Why the application refused, more exactly than its sentence says; undefined for what is not meant for everybody. */
export function describeRefusal(message: string, locale: Locale): string | undefined {
  const found = details.find(([pattern]) => pattern.test(message))
  if (found === undefined) return undefined
  return locale === "zh" ? message.replace(...found) : message
}
