import type { ChangeSet } from "../change-set.ts"
import type { Message } from "../messages/contract.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import { createMessage } from "../messages/write.ts"
import { repliesHooks } from "../replies/hooks.ts"
import type { Poll, PollResult } from "./message-fields.ts"
import { markClosed } from "./store.ts"

/**
 * Closes a poll and sends its result as a reply by the poll's author, in one commit: a crash leaves both or neither.
 * `undefined` when the message was deleted; an unchanged message when the poll was closed before.
 */
export async function closePoll(
  changes: ChangeSet,
  messageId: string,
  closedAt: Date,
): Promise<Change | undefined> {
  const change = await updateExtras(changes, messageId, async (extras) => {
    if (!extras.poll || !(await markClosed(changes.tx, messageId, closedAt))) return extras
    return { ...extras, poll: { ...extras.poll, closedAt } }
  })
  const poll = change?.message.extras?.poll
  if (change?.isNew && poll) await announceResult(changes, change.message, poll)
  return change
}

async function announceResult(changes: ChangeSet, { id, ...message }: Message, poll: Poll): Promise<void> {
  const { serverId, channelId, userId, username, extras } = message
  const pollResult = resultOf(id, poll)
  const draft = {
    ...{ id: crypto.randomUUID(), serverId, channelId, userId, username, createdAt: new Date() },
    content: textOf(poll, pollResult),
    bot: extras?.bot,
  }
  const hooks = [
    // The question may name users and link to pages. It was sent before, so nobody is notified of it a second time.
    repliesHooks,
    { beforeCreate: () => ({ pollResult }) },
  ]
  await createMessage(changes, hooks, { draft, input: { content: draft.content, replyTo: id } })
}

function resultOf(messageId: string, { answers, voters }: Poll): PollResult {
  const count = Math.max(...answers.map((answer) => answer.count))
  const winners = count === 0 ? [] : answers.filter((answer) => answer.count === count)
  return { messageId, winners: winners.map(({ text }) => text), count, voters }
}

/** The result in words, for search, notifications and programs that show text alone. */
function textOf({ question }: Poll, { winners, count, voters }: PollResult): string {
  if (winners.length === 0) return `The poll “${question}” has closed without votes.`

  const names = winners.map((winner) => `“${winner}”`).join(", ")
  const verb = winners.length > 1 ? "tie" : "wins"
  return `The poll “${question}” has closed: ${names} ${verb} with ${count} of ${voters} ${voters === 1 ? "vote" : "voters"}.`
}
