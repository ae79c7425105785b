import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import type { MessageExtras } from "../messages/extras.ts"
import { type Change, updateExtras } from "../messages/store.ts"
import { maxVotersNamed, type Poll } from "./message-fields.ts"
import { deleteVote, insertVote, isPollOpen, listFirstVoters, listVotes } from "./store.ts"

export const noPoll = "This message has no poll"
export const pollClosed = "This poll is closed"

interface Voter {
  messageId: string
  userId: string
}

// These run inside a shared commit: two clicks at once by one user leave one consistent vote.

/**
 * Replaces a user's vote, as the channel's next change; the same vote is no change. `choose` gets the poll and the
 * indexes of the user's answers, and returns the new ones. `undefined` when the message was deleted. Fails: 404, 409, 400.
 */
export async function updateVote(
  changes: ChangeSet,
  voter: Voter,
  choose: (poll: Poll, before: number[]) => number[],
): Promise<Change | undefined> {
  return updateExtras(changes, voter.messageId, async (extras) => {
    const poll = await requireOpenPoll(changes, voter.messageId, extras)
    const before = await listVotes(changes.tx, voter.messageId, voter.userId)
    const after = [...new Set(choose(poll, before))]
    assertAllowed(poll, after)

    const added = after.filter((answer) => !before.includes(answer))
    const removed = before.filter((answer) => !after.includes(answer))
    if (added.length + removed.length === 0) return extras

    for (const answer of removed) await deleteVote(changes.tx, { ...voter, answer })
    for (const answer of added) await insertVote(changes.tx, { ...voter, answer })
    const voters = poll.voters + Math.sign(after.length) - Math.sign(before.length)
    const answers = await Promise.all(
      poll.answers.map(async (entry, index) => {
        const difference = Number(added.includes(index)) - Number(removed.includes(index))
        if (difference === 0) return entry

        const by = await listFirstVoters(changes.tx, voter.messageId, index, maxVotersNamed)
        return { ...entry, count: entry.count + difference, by }
      }),
    )
    return { ...extras, poll: { ...poll, answers, voters } }
  })
}

async function requireOpenPoll({ tx }: ChangeSet, messageId: string, { poll }: MessageExtras): Promise<Poll> {
  const isOpen = await isPollOpen(tx, messageId, new Date())
  if (!poll || isOpen === undefined) throw new Refusal(noPoll, 404)
  if (!isOpen) throw new Refusal(pollClosed, 409)

  return poll
}

function assertAllowed({ answers, multiple }: Poll, chosen: number[]): void {
  if (chosen.some((answer) => answer >= answers.length))
    throw new Refusal("This poll has no such answer", 400)
  if (chosen.length > 1 && !multiple) throw new Refusal("Choose one answer", 400)
}
