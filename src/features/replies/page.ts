import { shownName } from "../../../views/people.ts"
import type { Quoted } from "../../../views/replies.tsx"
import { excerptOf } from "../messages/excerpt.ts"
import { findMessage } from "../messages/store.ts"
import { can } from "../permissions/can.ts"
import type { ChannelAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"

/** What the composer says it answers: the message `?reply=` names, when it can be answered in this channel. */
export async function quotedIn(
  { db }: Services,
  { channel, standing }: Pick<ChannelAccess, "channel" | "standing">,
  reply: string | null | undefined,
): Promise<Quoted | undefined> {
  const message = reply && can(standing, "readHistory") ? await findMessage(db, reply) : undefined
  if (message?.channelId !== channel.id || message.deletedAt) return undefined

  return {
    id: message.id,
    username: message.extras?.bot?.name ?? shownName(message),
    excerpt: excerptOf(message),
  }
}
