import { defineLimit } from "../limits.ts"

/** Messages of one person in one channel, and other writes that are as frequent. */
export const messageLimit = defineLimit({ name: "messages", configured: "messageLimit" })
