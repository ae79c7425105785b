import type { MaybePromise } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Standing } from "../permissions/standing.ts"
import { appendMessage } from "./append.ts"
import type { MessageInput } from "./contract.ts"
import type { MessageExtras } from "./extras.ts"
import type { MessageHooks, SentDraft } from "./hooks.ts"
import { type Change, deleteContent, updateContent } from "./store.ts"

// Writes to a channel's log together with the hooks of all features. These run inside a commit.

/** A message to be stored; `bot` marks a message of a bot or a webhook. */
export type MarkedDraft = SentDraft & Pick<MessageExtras, "bot">

/** Stores a new message; returns the stored one when its id exists already. */
export async function createMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  { draft, input }: { draft: MarkedDraft; input: MessageInput },
): Promise<Change | undefined> {
  const { bot, standing, ...plain } = draft
  const sent = { ...plain, standing }
  const change = await appendMessage(changes, plain, () =>
    compose(hooks, bot && { bot }, (hook) => hook.beforeCreate?.(changes, sent, input)),
  )
  if (!change?.isNew) return change

  for (const hook of hooks) {
    const stored = hook.afterCreate?.(changes, change.message, input)
    if (stored) await stored
  }
  return change
}

/** Replaces the text of a message, and the extras that depend on it. */
export async function editMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  { id, content, standing }: { id: string; content: string; standing?: Standing },
): Promise<Change | undefined> {
  return updateContent(changes, id, {
    content,
    editedAt: new Date(),
    compose: (before) =>
      compose(hooks, before.extras ?? undefined, (hook) =>
        hook.onEdit?.(changes, { ...before, standing }, content),
      ),
  })
}

/** Leaves a tombstone. It retains the `bot` marker and name: neither reveals what the message said. */
export async function deleteMessage(
  changes: ChangeSet,
  hooks: readonly MessageHooks[],
  id: string,
): Promise<Change | undefined> {
  return deleteContent(changes, id, new Date(), (before) => {
    const { bot } = before.extras ?? {}
    return compose(hooks, bot && { bot }, (hook) => hook.onDelete?.(changes, before))
  })
}

type SomeExtras = Partial<MessageExtras> | undefined

/** Merges the extras of all hooks, one after another; only hooks that run statements are awaited. */
async function compose(
  hooks: readonly MessageHooks[],
  first: SomeExtras,
  extrasOf: (hook: MessageHooks) => MaybePromise<SomeExtras>,
): Promise<MessageExtras | null> {
  const parts = [first]
  for (const hook of hooks) {
    const extras = extrasOf(hook)
    parts.push(extras instanceof Promise ? await extras : extras)
  }
  return combine(parts)
}

/** Merges extras; later ones win. A hook removes a field by returning it as `undefined`. */
function combine(parts: SomeExtras[]): MessageExtras | null {
  const present = parts.filter((part) => part !== undefined)
  if (present.length === 0) return null

  const combined: MessageExtras = Object.assign({}, ...present)
  return Object.values(combined).some((value) => value !== undefined) ? combined : null
}
