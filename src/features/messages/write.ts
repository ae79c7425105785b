import type { ChangeSet } from "../change-set.ts"
import type { MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import type { MessageHooks } from "./hooks.ts"
import { appendMessage, type Change, type Draft, deleteContent, updateContent } from "./store.ts"

// Writes to a channel's log together with the hooks of all features. These run inside a shared commit.

/** A message to be stored; `bot` marks a message of a bot or a webhook. */
export type MarkedDraft = Draft & Pick<MessageExtras, "bot">

/** Stores a new message; returns the stored one when its id exists already. */
export function createMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  { draft, input }: { draft: MarkedDraft; input: MessageInput },
): Change | undefined {
  const { bot, ...plain } = draft
  const change = appendMessage(changes, plain, () =>
    combine([bot && { bot }, ...hooks.map((hook) => hook.beforeCreate?.(changes, plain, input))]),
  )
  if (change?.isNew) for (const hook of hooks) hook.afterCreate?.(changes, change.message, input)
  return change
}

/** Replaces the text of a message, and the extras that depend on it. */
export function editMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  { id, content }: { id: string; content: string },
): Change | undefined {
  return updateContent(changes, id, {
    content,
    editedAt: new Date(),
    compose: (before) =>
      combine([before.extras ?? undefined, ...hooks.map((hook) => hook.onEdit?.(changes, before, content))]),
  })
}

/** Leaves a tombstone. It retains the `bot` marker and name: neither reveals what the message said. */
export function deleteMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  id: string,
): Change | undefined {
  return deleteContent(changes, id, new Date(), (before) => {
    const { bot } = before.extras ?? {}
    return combine([bot && { bot }, ...hooks.map((hook) => hook.onDelete?.(changes, before))])
  })
}

/** Merges extras; later ones win. A hook removes a field by returning it as `undefined`. */
function combine(parts: (Partial<MessageExtras> | undefined)[]): MessageExtras | null {
  const present = parts.filter((part) => part !== undefined)
  if (present.length === 0) return null

  const combined: MessageExtras = Object.assign({}, ...present)
  return Object.values(combined).some((value) => value !== undefined) ? combined : null
}
