import { defineLimit } from "../limits.ts"

/** Changes of the own profile, each of which is sent to everyone who sees the name. */
export const profileLimit = defineLimit({ name: "profile", count: 30, windowMs: 10 * 60_000 })
/** Pictures, each of which is decoded and encoded again. */
export const avatarLimit = defineLimit({ name: "avatar", count: 10, windowMs: 10 * 60_000 })
