import type { Seen } from "../tests/integration/transports/page.ts"
import type { Participants } from "./participants.ts"
import type { Reader } from "./readers/reader.ts"
import type { RequestState, Sender, SentMessage } from "./senders/sender.ts"
import type { StoreContent, StoredMessage } from "./store.ts"
import type { Trace } from "./trace.ts"

/** Compares the store with what the senders were told and with what the readers show. */
export function verify(store: StoreContent, { senders, readers }: Participants, trace: Trace): void {
  const rooms = new Set(senders.map(({ client }) => client.room.channelId))
  verifyNumbers(store, rooms, trace)
  verifySenders(store, senders, trace)
  for (const reader of readers) {
    const { channelId } = reader.room
    verifyReader(
      reader,
      store.messages.filter((message) => message.channelId === channelId),
      trace,
    )
  }
}

/**
 * Every number of a channel's log is used once: by a message, by its edit or by its deletion. Elsewhere than in the
 * senders' rooms messages are edited more than once.
 */
function verifyNumbers({ messages, heads }: StoreContent, rooms: Set<string>, trace: Trace): void {
  for (const [channelId, head] of heads) {
    const inChannel = messages.filter((message) => message.channelId === channelId)
    const changes =
      inChannel.length +
      inChannel.filter(({ editedAt }) => editedAt !== null).length +
      inChannel.filter(({ deleted }) => deleted).length
    const misordered = (what: string) =>
      trace.violation({ kind: "misordered", who: `channel ${channelId}`, what })
    if (rooms.has(channelId) && changes !== head)
      misordered(`${changes} changes have the numbers 1 to ${head}`)
    for (const numbers of [inChannel.map(({ position }) => position), inChannel.map(({ seq }) => seq)]) {
      if (new Set(numbers).size !== inChannel.length) misordered("A number was used twice")
    }
  }
}

function verifySenders({ messages }: StoreContent, senders: Sender[], trace: Trace): void {
  const stored = new Map(messages.map((message) => [message.id, message]))
  for (const sender of senders) {
    for (const sent of sender.all) verifyMessage(sender, { sent, stored: stored.get(sent.id) }, trace)
  }

  const sentIds = new Set(senders.flatMap(({ all }) => all.map(({ id }) => id)))
  const rooms = new Set(senders.map(({ client }) => client.room.channelId))
  for (const { id, content, author } of messages.filter(({ channelId }) => rooms.has(channelId))) {
    // Senders choose all ids. With another id the server stored a second copy of a message.
    const what = `No sender sent ${excerpt(content)}`
    if (!sentIds.has(id)) trace.violation({ kind: "duplicated", who: author, what, messageId: id })
  }
}

function verifyMessage(
  { name, client }: Sender,
  { sent, stored }: { sent: SentMessage; stored: StoredMessage | undefined },
  trace: Trace,
): void {
  const violation = (kind: "lost" | "different", what: string) =>
    trace.violation({ kind, who: name, what, messageId: sent.id })
  if (!stored) {
    if (sent.stored === "confirmed") violation("lost", "Confirmed but not stored")
    return
  }

  if (stored.channelId !== client.room.channelId || stored.author !== client.person.userId) {
    violation("different", "Stored in another channel or with another author")
  }
  verifyChange(sent.deleted, stored.deleted, "deletion")
  verifyChange(sent.edited, stored.editedAt !== null, "edit")
  const content = stored.editedAt === null ? sent.content : sent.editedContent
  if (stored.content !== (stored.deleted ? "" : content)) {
    violation("different", `The stored content is ${excerpt(stored.content)}`)
  }

  function verifyChange(state: RequestState, isStored: boolean, noun: string) {
    if (state === "confirmed" && !isStored) violation("lost", `The ${noun} was confirmed but not stored`)
    if (state === "none" && isStored) violation("different", `The ${noun} was never requested`)
  }
}

/** Shortened and quoted, for a line of output. */
function excerpt(content: string): string {
  return JSON.stringify(content.slice(0, 60))
}

/** A reader must show all stored messages and no others, in order and in their latest version. */
function verifyReader(reader: Reader, stored: StoredMessage[], trace: Trace): void {
  const violation = (kind: "lost" | "misordered" | "different", messageId: string, what: string) =>
    trace.violation({ kind, who: reader.name, what, messageId })
  const shown = reader.log.inOrder()
  const byId = new Map(shown.map((message) => [message.id, message]))
  for (const message of stored) {
    const { id, position } = message
    const seen = byId.get(id)
    if (!seen) violation("lost", id, `Stored at ${position} but not shown`)
    else if (seen.position !== position)
      violation("misordered", id, `Shown at ${seen.position}, stored at ${position}`)
    else if (!isSame(seen, message)) violation("different", id, differenceOf(seen, message))
  }

  const storedIds = new Set(stored.map(({ id }) => id))
  for (const { id } of shown) {
    if (!storedIds.has(id)) violation("different", id, "Shown but not stored")
  }
}

const comparedFields = ["author", "content", "seq", "edited", "deleted"] as const

function isSame(seen: Seen, stored: Seen): boolean {
  return comparedFields.every((field) => seen[field] === stored[field])
}

function differenceOf(seen: Seen, stored: Seen): string {
  const fields = comparedFields.filter((field) => seen[field] !== stored[field])
  const show = (message: Seen) => JSON.stringify(fields.map((field) => message[field])).slice(0, 200)
  return `${fields.join(", ")}: shown ${show(seen)}, stored ${show(stored)}`
}
