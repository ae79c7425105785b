import { defineLimit } from "../limits.ts"

/** Messages of one user in one channel, and other writes that are as frequent. */
export const messageLimit = defineLimit({ name: "messages", configured: "messageLimit" })

/** Each user has a separate limit in each channel. */
export function messageKey(userId: string, channelId: string): string {
  return `${userId} ${channelId}`
}
