import { defineLimit } from "../limits.ts"

/** Devices that one person adds and tests: each test asks another server. */
export const pushDeviceLimit = defineLimit({ name: "push devices", count: 30, windowMs: 10 * 60 * 1000 })
