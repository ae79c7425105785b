import { defineLimit } from "../limits.ts"

/** Files uploaded by one person. */
export const fileLimit = defineLimit({ name: "files", configured: "fileLimit" })
