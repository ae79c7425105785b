import { defineLimit } from "../limits.ts"

/** Messages of one person in one channel, and other writes that are as frequent. */
export const messageLimit = defineLimit({ name: "messages", configured: "messageLimit" })

/** The key by which a person's messages are limited: each channel for itself. */
export function messageKey(userId: string, channelId: string): string {
  return `${userId} ${channelId}`
}
