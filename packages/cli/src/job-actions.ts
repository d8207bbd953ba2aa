/** All that commands do with jobs, here or at a server, in one lazy part of the bundle. */
export { history } from "./actions/history.ts"
export { job } from "./actions/job.ts"
export { jobs } from "./actions/jobs.ts"
export { resetToken } from "./actions/reset-token.ts"
export { addTarget, checkSavedTarget, listTargets, removeTarget } from "./actions/targets.ts"
