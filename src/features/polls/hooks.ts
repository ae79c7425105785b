import type { MessageHooks } from "../messages/hooks.ts"
import { can } from "../permissions/can.ts"
import type { PollCloser } from "./closer.ts"
import { defaultPollHours, type Poll, type PollInput } from "./message-fields.ts"
import { deletePoll, insertPoll } from "./store.ts"

const hourMs = 3_600_000

/** A message may carry a poll. Deleting the message deletes the poll and its votes. */
export function pollsHooks(closer: () => PollCloser): MessageHooks {
  return {
    actions: [
      {
        label: "Poll results",
        path: "poll",
        kind: "panel",
        order: 410,
        when: ({ message }) => message.extras?.poll !== undefined,
      },
      {
        label: "End poll",
        path: "poll/end",
        kind: "do",
        order: 220,
        when: ({ message, standing }) => isOpen(message.extras?.poll) && can(standing, "endPoll"),
      },
    ],

    requires: ({ poll }) => poll && "sendPolls",

    beforeCreate(_, { createdAt }, { poll }) {
      return poll && { poll: pollOf(poll, createdAt) }
    },

    afterCreate(changes, { id, extras }) {
      if (!extras?.poll) return undefined

      changes.afterCommit(() => closer().schedule())
      return insertPoll(changes.tx, id, extras.poll.closesAt)
    },

    async onDelete({ tx }, { id, extras }) {
      if (extras?.poll) await deletePoll(tx, id)
      return undefined
    },
  }
}

function isOpen(poll: Poll | undefined): boolean {
  return poll !== undefined && poll.closedAt === undefined
}

function pollOf(
  { question, answers, multiple = false, hours = defaultPollHours }: PollInput,
  at: Date,
): Poll {
  return {
    question,
    answers: answers.map((text) => ({ text, count: 0, by: [] })),
    multiple,
    voters: 0,
    closesAt: new Date(at.getTime() + hours * hourMs),
  }
}
