export { type DatabaseLocation, type OpenOptions, openDatabase } from "./open-database.ts"
export * from "./stores.ts"
