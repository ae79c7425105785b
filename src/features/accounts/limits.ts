import { defineLimit } from "../limits.ts"

/** Attempts to sign in or sign up. */
export const loginLimit = defineLimit({ name: "logins", configured: "loginLimit" })
