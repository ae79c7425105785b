import type { MessageExtras } from "../messages/extras.ts"
import type { MessageHooks } from "../messages/hooks.ts"
import { mentionedIds } from "../messages/render.ts"
import { resolveNames } from "./resolve.ts"
import { deleteMentions, replaceMentions } from "./store.ts"

/** Mentions are resolved when a message is sent, and again when it is edited. */
export const mentionsHooks: MessageHooks = {
  beforeCreate: ({ tx }, draft) =>
    /[@#]/.test(draft.content) ? resolveNames(tx, draft, draft.content) : undefined,

  afterCreate({ tx }, message) {
    const mentioned = othersIn(message)
    return mentioned.length > 0 ? replaceMentions(tx, message, mentioned) : undefined
  },

  async onEdit({ tx }, before, content) {
    const named = await resolveNames(tx, before, content)
    const mentioned = othersIn({ ...before, extras: named ?? null })
    if (mentionsAny(before) || mentioned.length > 0) await replaceMentions(tx, before, mentioned)
    return { mentions: named?.mentions, roles: named?.roles, channels: named?.channels }
  },

  async onDelete({ tx }, before) {
    if (mentionsAny(before)) await deleteMentions(tx, before.id)
    return undefined
  },
}

function mentionsAny({ extras }: { extras: MessageExtras | null }): boolean {
  return extras?.mentions !== undefined || extras?.roles !== undefined
}

/** The mentioned users and roles without the author: mentioning yourself does not notify you. */
function othersIn({ userId, extras }: { userId: string; extras: MessageExtras | null }): string[] {
  return mentionedIds(extras).filter((id) => id !== userId)
}
