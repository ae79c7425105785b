import type { Seen } from "../tests/integration/transports/page.ts"
import type { Reader } from "./readers/reader.ts"
import type { Asked, Sender, Sent } from "./senders/sender.ts"
import type { Store, Stored } from "./store.ts"
import type { Trace } from "./trace.ts"

/** Compares what is on disk with what senders were told and readers have before them. */
export function judge(store: Store, senders: Sender[], readers: Reader[], trace: Trace): void {
  judgeNumbers(store, trace)
  judgeSenders(store, senders, trace)
  for (const reader of readers) {
    const { channelId } = reader.room
    judgeReader(
      reader,
      store.messages.filter((message) => message.channelId === channelId),
      trace,
    )
  }
}

/** Every number of a channel's log was given once: to a message, to its edit, to its deletion. */
function judgeNumbers({ messages, heads }: Store, trace: Trace): void {
  for (const [channelId, head] of heads) {
    const here = messages.filter((message) => message.channelId === channelId)
    const changes =
      here.length +
      here.filter(({ editedAt }) => editedAt !== null).length +
      here.filter(({ deleted }) => deleted).length
    const who = `channel ${channelId}`
    if (changes !== head) trace.violate("misordered", who, `${changes} changes have the numbers 1 to ${head}`)
    for (const numbers of [here.map(({ position }) => position), here.map(({ seq }) => seq)]) {
      if (new Set(numbers).size !== here.length) trace.violate("misordered", who, "A number was given twice")
    }
  }
}

function judgeSenders({ messages }: Store, senders: Sender[], trace: Trace): void {
  const stored = new Map(messages.map((message) => [message.id, message]))
  for (const sender of senders) {
    for (const sent of sender.all) judgeMessage(sender, sent, stored.get(sent.id), trace)
  }

  const known = new Set(senders.flatMap(({ all }) => all.map(({ id }) => id)))
  for (const { id, content, author } of messages) {
    // An id that nobody chose: the server has made a second message of one.
    if (!known.has(id)) trace.violate("doubled", author, `Nobody sent this: ${excerpt(content)}`, id)
  }
}

function judgeMessage({ name, desk }: Sender, sent: Sent, stored: Stored | undefined, trace: Trace): void {
  if (!stored) {
    if (sent.stored === "done") trace.violate("lost", name, "Confirmed, and not stored", sent.id)
    return
  }

  if (stored.channelId !== desk.room.channelId || stored.author !== desk.person.userId) {
    trace.violate("different", name, "Stored in another place or as someone else's", sent.id)
  }
  judgeChange(sent.deleted, stored.deleted, "deletion")
  judgeChange(sent.edited, stored.editedAt !== null, "edit")
  const content = stored.editedAt === null ? sent.content : sent.editedContent
  if (stored.content !== (stored.deleted ? "" : content)) {
    trace.violate("different", name, `It says ${excerpt(stored.content)}`, sent.id)
  }

  function judgeChange(asked: Asked, isDone: boolean, what: string) {
    if (asked === "done" && !isDone)
      trace.violate("lost", name, `The ${what} was confirmed, and is not`, sent.id)
    if (asked === "no" && isDone) trace.violate("different", name, `Nobody asked for this ${what}`, sent.id)
  }
}

/** On one line, and short. */
function excerpt(content: string): string {
  return JSON.stringify(content.slice(0, 60))
}

/** The reader has what is stored: all of it, nothing else, in that order and as it is now. */
function judgeReader(reader: Reader, stored: Stored[], trace: Trace): void {
  const { name } = reader
  const shown = reader.log.inOrder()
  const byId = new Map(shown.map((message) => [message.id, message]))
  for (const message of stored) {
    const seen = byId.get(message.id)
    if (!seen) trace.violate("lost", name, `Stored at ${message.position}, and not shown`, message.id)
    else if (seen.position !== message.position) {
      const what = `Shown at ${seen.position}, stored at ${message.position}`
      trace.violate("misordered", name, what, message.id)
    } else if (!isSame(seen, message))
      trace.violate("different", name, differenceOf(seen, message), message.id)
  }

  const ids = new Set(stored.map(({ id }) => id))
  for (const { id } of shown) {
    if (!ids.has(id)) trace.violate("different", name, "Shown, and not stored", id)
  }
}

const compared = ["author", "content", "seq", "edited", "deleted"] as const

function isSame(seen: Seen, stored: Seen): boolean {
  return compared.every((field) => seen[field] === stored[field])
}

function differenceOf(seen: Seen, stored: Seen): string {
  const fields = compared.filter((field) => seen[field] !== stored[field])
  const show = (message: Seen) => JSON.stringify(fields.map((field) => message[field])).slice(0, 200)
  return `${fields.join(", ")}: shown ${show(seen)}, stored ${show(stored)}`
}
