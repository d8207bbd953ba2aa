const words = {
  login: "login",
  logout: "logout",
  "token.change": "tokenChange",
  "token.reset": "tokenReset",
  "password.change": "passwordChange",
  "key.create": "keyCreate",
  "key.remove": "keyRemove",
  "key.use": "keyUse",
  "user.create": "userCreate",
  "user.update": "userUpdate",
  "user.remove": "userRemove",
  "target.create": "targetCreate",
  "target.update": "targetUpdate",
  "target.remove": "targetRemove",
  "credentials.use": "credentialsUse",
  "project.create": "projectCreate",
  "project.update": "projectUpdate",
  "project.remove": "projectRemove",
  "schedule.create": "scheduleCreate",
  "schedule.update": "scheduleUpdate",
  "schedule.remove": "scheduleRemove",
  "schedule.run": "scheduleRun",
  "settings.update": "settingsUpdate",
} as const

/** How an action of the audit log is named among the pages' words; undefined for one that they do not know. */
export function auditWord(action: string): (typeof words)[keyof typeof words] | undefined {
  return Object.hasOwn(words, action) ? words[action as keyof typeof words] : undefined
}
