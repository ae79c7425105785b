import { messageOf, OutboxEntries, retrySecondsOf } from "./outbox-entries.js"
import { post } from "./requests.js"

/** @import { AnswerFrame } from "../src/web/live/frames.ts" */

/** The outboxes that are being sent, by their keys. */
const sending = new Set()

/**
 * Sends the messages that wait in rooms which this page does not show. Their room was left before the server had stored them,
 * or while it could not be reached. Every message has its id, so one that another tab sends, too, is stored once.
 * @param {string[]} keys of outboxes: the viewer and the channel
 */
export function sendLeftMessages(keys) {
  // Without a connection the rest waits until there is one.
  for (const key of keys) if (!sending.has(key)) sendAll(key).catch(() => {})
}

/** @param {string} key */
async function sendAll(key) {
  sending.add(key)
  const [, viewerId] = key.split(":")
  try {
    const entries = new OutboxEntries(key)
    // What an earlier version stored has no path: its room sends it.
    for (let entry = entries.next; entry?.path && !isShown(key); entry = entries.next) {
      const { files, ...message } = messageOf(entry)
      const fields = { ...message, ...(files && { files: files.join() }) }
      const sent = await post(`${entry.path}/messages`, fields, viewerId)
      /** @type {AnswerFrame} */
      const answer = await sent.json()
      if (!(await settle(entries, entry.id, answer))) return
      entries.reload()
    }
  } finally {
    sending.delete(key)
  }
}

/**
 * Whether the rest can be sent now.
 * @param {OutboxEntries} entries
 * @param {string} id
 * @param {AnswerFrame} answer
 */
async function settle(entries, id, answer) {
  if (answer.type === "stored") {
    entries.remove(id)
    return true
  }
  // After the next login.
  if (answer.type !== "refused" || answer.code === 401) return false

  const seconds = retrySecondsOf(answer)
  if (seconds === null) entries.fail(id, answer.message ?? "The message was not sent.", answer.code)
  else await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  return true
}

/**
 * The room that is shown sends its own messages.
 * @param {string} key
 */
function isShown(key) {
  return key.endsWith(`:${document.getElementById("room")?.dataset.channel}`)
}
