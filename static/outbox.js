import { emit, on } from "./events.js"
import { messageOf, OutboxEntries, retrySecondsOf } from "./outbox-entries.js"
import { showPending } from "./pending-messages.js"

/** @import { AnswerFrame } from "../src/web/live/frames.ts" */
/** @import { LiveConnection } from "./live.js" */
/** @import { ConnectionEnding } from "./live-banner.js" */
/** @import { OutboxEntry } from "./outbox-entries.js" */
/** @import { ReplyTarget } from "./replies.js" */
/** @import { OpenRoom } from "./room.js" */
/** @import { LocalTimes } from "./times.js" */

/** No answer by then: the connection is considered dead. */
const answerMs = 10_000

/**
 * Stores messages on this device until the server has stored them, and sends them one at a time, in order. Every message has
 * its id from the start, so sending it again never creates a second one.
 */
export class MessageOutbox {
  #room
  #live
  #times
  #showError
  #showWait
  #onDiscard
  #entries
  /**
   * The id of the message that waits for its answer.
   * @type {string | null}
   */
  #underway = null
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #counting

  /**
   * @param {object} options
   * @param {OpenRoom} options.room
   * @param {string} options.key identifies viewer and channel
   * @param {LiveConnection} options.live
   * @param {LocalTimes} options.times
   * @param {(text: string) => void} options.showError
   * @param {(text: string) => void} options.showWait shows the seconds until the next attempt; nothing when it is empty
   * @param {() => void} options.onDiscard
   */
  constructor({ room, key, live, times, showError, showWait, onDiscard }) {
    this.#room = room
    this.#live = live
    this.#times = times
    this.#showError = showError
    this.#showWait = showWait
    this.#onDiscard = onDiscard
    this.#entries = new OutboxEntries(`outbox:${key}`)
    for (const entry of this.#entries.all) this.#show(entry)
    this.#listen(room.signal)
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    const onUp = () => {
      this.#underway = null
      this.#flush()
    }
    const onDown = () => {
      clearTimeout(this.#timer)
      onUp()
    }
    const onStorage = (/** @type {StorageEvent} */ { key }) => {
      // Another tab may have sent some of it.
      if (key === this.#entries.key) this.#entries.reload()
    }
    on("live:up", onUp, signal)
    on("live:down", onDown, signal)
    on("live:answer", (answer) => this.#answered(answer), signal)
    addEventListener("storage", onStorage, { signal })
    signal.addEventListener("abort", () => {
      clearTimeout(this.#timer)
      clearInterval(this.#counting)
    })
  }

  /**
   * Stores a message. `send` it next.
   * @param {{ content: string, replyTo: ReplyTarget | null, files: { id: string, name: string }[] }} message
   * @returns {OutboxEntry}
   */
  add({ content, replyTo, files }) {
    const rest = { ...(replyTo && { replyTo }), ...(files.length > 0 && { files }) }
    const entry = { id: newId(), path: this.#room.path, content, at: Date.now(), ...rest }
    this.#entries.add(entry)
    return entry
  }

  /** @param {OutboxEntry} entry */
  send(entry) {
    this.#show(entry)
    this.#flush()
  }

  /** Sends the first message, if nothing waits for an answer. */
  #flush() {
    const { ending } = this.#live
    if (ending) return ending.canReturn ? this.#keepAll(ending) : this.#failAll(ending.text)
    if (this.#underway || !this.#live.isLive) return

    const entry = this.#entries.next
    if (!entry) return

    this.#underway = entry.id
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#live.restartFrom(this.#live.cursor), answerMs)
    this.#live.send(messageOf(entry))
  }

  /** @param {AnswerFrame} answer */
  #answered(answer) {
    const id = this.#underway
    if (id === null || answer.id !== id) return

    clearTimeout(this.#timer)
    this.#underway = null
    const seconds = retrySecondsOf(answer)
    if (answer.type === "refused" && seconds !== null) {
      this.#showError(`${answer.message ?? "The server is busy."} Retrying in ${seconds} s.`)
      this.#timer = setTimeout(() => this.#flush(), seconds * 1000)
      this.#countDown(seconds)
      return
    }
    if (answer.type === "stored") {
      this.#entries.remove(id)
      this.#showError("")
      emit("message:stored")
    } else {
      this.#fail(id, answer.message ?? "The message was not sent.", answer.code)
    }
    this.#flush()
  }

  /**
   * Counts the seconds until the next attempt. Not in the error, which would be read aloud each second.
   * @param {number} seconds
   */
  #countDown(seconds) {
    clearInterval(this.#counting)
    const end = Date.now() + seconds * 1000
    const show = () => {
      const left = Math.ceil((end - Date.now()) / 1000)
      if (left <= 0) clearInterval(this.#counting)
      this.#showWait(left > 0 ? `Your message is sent in ${left} s` : "")
    }
    show()
    this.#counting = setInterval(show, 1000)
  }

  /**
   * @param {string} id
   * @param {string} failure
   * @param {number} [code]
   */
  #fail(id, failure, code) {
    this.#entries.fail(id, failure, code)
    this.#showAgain(id)
  }

  /**
   * Nothing can be sent from this page any more. The viewer can copy the messages.
   * @param {string} failure
   */
  #failAll(failure) {
    for (const entry of this.#entries.all) if (!entry.failure) this.#fail(entry.id, failure)
  }

  /**
   * Nothing can be sent before the viewer logs in or reloads; the page that is live then sends the messages.
   * @param {ConnectionEnding} ending
   */
  #keepAll({ text }) {
    for (const entry of this.#entries.all) {
      if (entry.failure) continue
      this.#show(entry)
      this.#showError(`${text} Your message is sent then.`)
    }
  }

  /** @param {string} id */
  #retry(id) {
    this.#entries.retry(id)
    this.#showAgain(id)
    this.#flush()
  }

  /** @param {string} id */
  #discard(id) {
    this.#entries.remove(id)
    document.getElementById(`message-${id}`)?.remove()
    this.#onDiscard()
  }

  /** @param {string} id */
  #showAgain(id) {
    const entry = this.#entries.all.find((one) => one.id === id)
    if (entry) this.#show(entry)
  }

  /** @param {OutboxEntry} entry */
  #show(entry) {
    const { id } = entry
    // It was stored, but its answer was lost.
    if (document.getElementById(`message-${id}`)?.dataset.position) return this.#entries.remove(id)

    const { ending } = this.#live
    showPending(entry, {
      state: ending ? `${ending.label} to send it` : "sending",
      viewerId: this.#room.viewerId,
      title: this.#times.full(new Date(entry.at)),
      onRetry: () => this.#retry(id),
      onDiscard: () => this.#discard(id),
    })
    emit("log:pending")
  }
}

/** A UUID that begins with the time, so that the database stores messages of one time in one place (RFC 9562, 5.7). */
function newId() {
  const time = Date.now().toString(16).padStart(12, "0")
  const random = crypto.getRandomValues(new Uint8Array(10))
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80
  const hex = time + [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}
