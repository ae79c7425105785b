import { StoredValue } from "./storage.js"

/** @import { AnswerFrame } from "../src/web/live/frames.ts" */
/** @import { ReplyTarget } from "./replies.js" */

/**
 * A message that the server has not stored yet.
 * @typedef {object} OutboxEntry
 * @property {string} id
 * @property {string} path that of its room
 * @property {string} content
 * @property {number} at
 * @property {ReplyTarget} [replyTo]
 * @property {{ id: string, name: string }[]} [files]
 * @property {string} [failure] why it was refused, in words for the viewer
 */

const defaultRetrySeconds = 2
/** Retrying helps after these refusals. The others need the viewer. */
const temporary = [429, 500, 503]
/** The message that it replies to does not exist any more. */
const gone = [404, 410]

/** The messages of one room that are not stored by the server yet, in order, on this device. Other tabs change them, too. */
export class OutboxEntries {
  /** @type {StoredValue<OutboxEntry[]>} */
  #stored

  /** @param {string} key where they are stored: `outbox:`, the viewer and the channel */
  constructor(key) {
    this.#stored = new StoredValue(key, [])
  }

  get key() {
    return this.#stored.key
  }

  get all() {
    return this.#stored.value
  }

  /** The first one that can be sent. */
  get next() {
    return this.all.find(({ failure }) => !failure)
  }

  /** Reads them again. */
  reload() {
    this.#stored.reload()
  }

  /** @param {OutboxEntry} entry */
  add(entry) {
    this.#change((entries) => [...entries, entry])
  }

  /** @param {string} id */
  remove(id) {
    this.#change((entries) => entries.filter((entry) => entry.id !== id))
  }

  /**
   * The server, or what ended the connection, refused it.
   * @param {string} id
   * @param {string} failure
   * @param {number} [code]
   */
  fail(id, failure, code = 0) {
    this.#update(id, (entry) => ({
      ...entry,
      failure,
      // The next attempt is no reply.
      ...(gone.includes(code) && { replyTo: undefined }),
    }))
  }

  /** @param {string} id */
  retry(id) {
    this.#update(id, ({ failure, ...entry }) => entry)
  }

  /**
   * @param {string} id
   * @param {(entry: OutboxEntry) => OutboxEntry} update
   */
  #update(id, update) {
    this.#change((entries) => entries.map((entry) => (entry.id === id ? update(entry) : entry)))
  }

  /** @param {(entries: OutboxEntry[]) => OutboxEntry[]} change */
  #change(change) {
    this.reload()
    this.#stored.value = change(this.all)
  }
}

/**
 * What is sent of a message.
 * @param {OutboxEntry} entry
 */
export function messageOf({ id, content, replyTo, files }) {
  return {
    id,
    content,
    ...(replyTo && { replyTo: replyTo.id }),
    ...(files && { files: files.map((file) => file.id) }),
  }
}

/**
 * In how many seconds a refused message can be sent again; `null` if that does not help.
 * @param {AnswerFrame} answer
 */
export function retrySecondsOf(answer) {
  if (answer.type !== "refused" || !temporary.includes(answer.code)) return null
  return answer.retryAfterSeconds ?? defaultRetrySeconds
}
