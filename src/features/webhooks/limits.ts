import { defineLimit } from "../limits.ts"

/** Messages by one incoming webhook. Source: Discord, 5 in 2 seconds. */
export const webhookLimit = defineLimit({
  name: "webhooks",
  count: 5,
  windowMs: 2000,
  offWith: "messageLimit",
})
