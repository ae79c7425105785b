import { defineLimit } from "../limits.ts"

/** Uploads of one user. */
export const fileLimit = defineLimit({ name: "files", configured: "fileLimit" })
