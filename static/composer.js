import { ComposerFiles } from "./composer-files.js"
import { byId, closest, find } from "./elements.js"
import { on } from "./events.js"
import { isComposing } from "./input-events.js"
import { MessageOutbox } from "./outbox.js"
import { ReplyBar } from "./replies.js"
import { StoredValue } from "./storage.js"

/** @import { LiveConnection } from "./live.js" */
/** @import { OpenRoom } from "./room.js" */
/** @import { LocalTimes } from "./times.js" */

/** The shortest time between two typing events. */
const typingMs = 3000
/** After a message, the next event may come sooner; the server accepts one a second. */
const typingAgainMs = 1200

/**
 * The form where messages are written. It is never disabled: a message goes to the outbox, which sends it. The text is
 * stored on this device until then.
 */
export class Composer {
  #room
  #live
  #form = byId("composer", HTMLFormElement)
  #text = byId("composer-content", HTMLTextAreaElement)
  #error = byId("composer-error")
  #hint = byId("composer-hint")
  #usualHint = this.#hint.textContent ?? ""
  #outbox
  #draft
  #replyBar
  #tray
  /** Submitted while files are uploading: it is sent when they are done. */
  #isWaiting = false
  #typedAt = 0
  #typingPauseMs = 0

  /**
   * @param {OpenRoom} room
   * @param {{ live: LiveConnection, times: LocalTimes }} parts
   */
  constructor(room, { live, times }) {
    this.#room = room
    this.#live = live
    const key = `${room.viewerId}:${room.channelId}`
    this.#draft = new StoredValue(`draft:${key}`, "")
    const { signal } = room
    this.#replyBar = new ReplyBar({ key, signal, onChange: () => this.#text.focus() })
    this.#tray = new ComposerFiles({
      room,
      key,
      onSettled: () => this.#submitIfReady(),
      onRemoved: () => {
        if (!this.#tray.isBusy) this.#isWaiting = false
      },
    })
    this.#outbox = new MessageOutbox({
      room,
      key,
      live,
      times,
      showError: (text) => {
        this.#error.textContent = text
      },
      showWait: (text) => {
        this.#hint.textContent = text || this.#usualHint
      },
      onDiscard: () => this.#text.focus(),
    })
    if (!this.#text.value && this.#draft.value) this.#text.value = this.#draft.value
    this.#listen()
  }

  /** For modules that help with writing. */
  get text() {
    return this.#text
  }

  /**
   * Attaches a file in place of a text that is too long. `false` if there is no room for it.
   * @param {File} file
   */
  attachText(file) {
    return this.#tray.addText(file)
  }

  #listen() {
    // The browser's own message would cover the buttons that help.
    this.#form.noValidate = true
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#submit()
    })
    this.#form.addEventListener("click", (event) => {
      if (!closest(event, ".end-preview")) return
      this.#endPreview()
      this.#text.focus()
    })
    const onDone = (/** @type {{ files: string[] }} */ { files }) => {
      this.#replyBar.take()
      this.#tray.take(files)
      this.#clear()
    }
    // The composer of a room that was left would delete its draft.
    on("composer:done", onDone, this.#room.signal)
    this.#text.addEventListener("keydown", (event) => this.#onKeyDown(event))
    this.#text.addEventListener("input", () => this.#onInput())
  }

  /** @param {KeyboardEvent} event */
  #onKeyDown(event) {
    if (isComposing(event)) return

    const sends = event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches
    if (sends) this.#submit()
    if (sends || (event.key === "Escape" && this.#replyBar.cancel())) event.preventDefault()
  }

  #onInput() {
    this.#draft.value = this.#text.value
    this.#error.textContent = ""
    if (this.#text.value === "" || Date.now() - this.#typedAt < this.#typingPauseMs) return

    this.#typedAt = Date.now()
    this.#typingPauseMs = typingMs
    this.#live.sendTyping()
  }

  #submit() {
    // Closed, see `composer-state.js`: the text stays.
    if (this.#text.readOnly) return
    const content = this.#text.value.replace(/\r\n?/g, "\n")
    if (content.trim() === "" && this.#tray.isEmpty) return
    this.#error.textContent = this.#text.validationMessage
    if (this.#text.validationMessage) return this.#text.focus()

    this.#isWaiting = this.#tray.isBusy
    if (this.#isWaiting) return this.#tray.showStatus("The message is sent when its files are uploaded.")
    if (this.#tray.hasFailed) {
      return this.#tray.showStatus("Some files were not uploaded. Try again, or remove them.")
    }
    const entry = this.#outbox.add({ content, replyTo: this.#replyBar.take(), files: this.#tray.take() })
    this.#clear()
    // In history: sent messages appear at the end, so go there. The stored outbox comes along.
    if (!find(document, "#messages[data-live]")) return location.assign(this.#room.path)

    this.#outbox.send(entry)
  }

  #clear() {
    this.#text.value = ""
    this.#draft.value = ""
    this.#endPreview()
    this.#typingPauseMs = typingAgainMs
    this.#error.textContent = ""
    this.#text.focus()
  }

  #submitIfReady() {
    // If another room was opened, the files stay in the draft.
    if (this.#isWaiting && !this.#tray.isBusy && !this.#room.signal.aborted) this.#submit()
  }

  #endPreview() {
    byId("preview").replaceChildren()
  }
}
