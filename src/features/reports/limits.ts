import { defineLimit } from "../limits.ts"

/** Reports of one person. */
export const reportLimit = defineLimit({ name: "reports", count: 20, windowMs: 60 * 60 * 1000 })
