import { find } from "./elements.js"
import { on } from "./events.js"
import { post } from "./requests.js"
import { TrayFile } from "./tray-file.js"

/** @import { OpenRoom } from "./room.js" */
/** @import { StoredValue } from "./storage.js" */
/** @import { TrayUpload } from "./tray-file.js" */

/** The most uploads at a time. */
const maxUploads = 2

/**
 * The files of the next message, which are uploaded at once. The uploaded ones are stored on this device, so a draft keeps its
 * files. Loaded with the first file: see `composer-files.js`.
 */
export class FileTray {
  #path
  #list
  #text
  #stored
  #maxBytes
  #maxFiles
  #showStatus
  #onSettled
  #onRemoved
  /** @type {TrayFile[]} */
  #files = []

  /**
   * @param {object} options
   * @param {OpenRoom} options.room
   * @param {HTMLElement} options.list
   * @param {HTMLElement} options.text
   * @param {HTMLInputElement} options.input says how many files a message has at most, and how large
   * @param {StoredValue<TrayUpload[]>} options.stored
   * @param {(text: string) => void} options.showStatus
   * @param {() => void} options.onSettled an upload ended, well or not
   * @param {() => void} options.onRemoved
   */
  constructor({ room, list, text, input, stored, showStatus, onSettled, onRemoved }) {
    this.#path = room.path
    this.#list = list
    this.#text = text
    this.#stored = stored
    this.#maxBytes = Number(input.dataset.maxBytes)
    this.#maxFiles = Number(input.dataset.maxFiles)
    this.#showStatus = showStatus
    this.#onSettled = onSettled
    this.#onRemoved = onRemoved
    for (const file of stored.value) this.#append(new TrayFile({ stored: file, tray: this }))
    const retryFailed = () => {
      for (const file of this.#files) if (file.failedOffline) this.retry(file)
    }
    on("live:up", retryFailed, room.signal)
  }

  /** The address of the room. */
  get path() {
    return this.#path
  }

  get isEmpty() {
    return this.#files.every(({ isRefused }) => isRefused)
  }

  /** Are files waiting or uploading? */
  get isBusy() {
    return this.#files.some(({ state }) => state === "waiting" || state === "uploading")
  }

  /** Did an upload fail that can be tried again? */
  get hasFailed() {
    return this.#files.some(({ state, isRefused }) => state === "failed" && !isRefused)
  }

  /**
   * Takes files out, for a message. Default: all. The message goes without those that are refused.
   * @param {string[]} [ids]
   */
  take(ids) {
    const taken = this.#files.filter(({ id }) => !ids || ids.includes(id))
    for (const { element } of taken) element.remove()
    this.#files = this.#files.filter((file) => !taken.includes(file))
    this.store()
    const refused = taken.filter(({ isRefused }) => isRefused).map(({ name }) => name)
    this.showStatus(refused.length > 0 ? `Sent without ${refused.join(", ")}.` : "")
    return taken.filter(({ isRefused }) => !isRefused).map(({ id, name }) => ({ id, name }))
  }

  /**
   * Shows a note, also to screen readers.
   * @param {string} text
   */
  showStatus(text) {
    this.#showStatus(text)
  }

  /** Call it when an upload ended, well or not. */
  settled() {
    this.#uploadNext()
    this.#onSettled()
  }

  /** @param {TrayFile} file */
  retry(file) {
    this.showStatus("")
    file.wait()
    this.#uploadNext()
  }

  /** @param {TrayFile} file */
  remove(file) {
    const index = this.#files.indexOf(file)
    this.#files = this.#files.filter((one) => one !== file)
    file.abort()
    if (file.id) post(`/files/${file.id}/discard`).catch(() => {})
    this.store()
    file.element.remove()
    const neighbour = this.#files[index] ?? this.#files[index - 1]
    if (neighbour) find(neighbour.element, ".tray-remove")?.focus()
    else this.focusText()
    this.showStatus("")
    this.#onRemoved()
    this.#uploadNext()
  }

  /** Call it when a file was uploaded or described. */
  store() {
    this.#stored.value = this.#files.filter(({ state }) => state === "done").map((file) => file.toStored())
  }

  focusText() {
    this.#text.focus()
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      if (this.isFull()) break

      const added = new TrayFile({ file, tray: this })
      this.#append(added)
      const tooLarge = `too large: at most ${Math.floor(this.#maxBytes / 1024 ** 2)} MB`
      if (file.size > this.#maxBytes) added.refuse(tooLarge)
      else if (file.size === 0) added.refuse("empty, or a folder")
    }
    this.#uploadNext()
  }

  /** Says so, if a message can have no more files. */
  isFull() {
    const isFull = this.#files.length >= this.#maxFiles
    if (isFull) this.showStatus(`A message has at most ${this.#maxFiles} files.`)
    return isFull
  }

  /** @param {TrayFile} file */
  #append(file) {
    this.#files.push(file)
    this.#list.append(file.element)
  }

  #uploadNext() {
    const uploading = this.#files.filter(({ state }) => state === "uploading").length
    const waiting = this.#files.filter(({ state }) => state === "waiting")
    for (const file of waiting.slice(0, Math.max(0, maxUploads - uploading))) file.upload()
  }
}
