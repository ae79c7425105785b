import { byId, find } from "./elements.js"
import { on } from "./events.js"
import { hasText } from "./pasted-files.js"
import { post } from "./requests.js"
import { StoredValue } from "./storage.js"
import { TrayFile } from "./tray-file.js"

/** @import { OpenRoom } from "./room.js" */
/** @import { TrayUpload } from "./tray-file.js" */

/** The most uploads at a time. */
const maxUploads = 2

/**
 * The files of the next message. Chosen, pasted or dropped files are uploaded at once. The uploaded ones are stored on this
 * device, so a draft keeps its files.
 */
export class FileTray {
  #input = byId("composer-files", HTMLInputElement)
  #text = byId("composer-content", HTMLTextAreaElement)
  #list = byId("tray")
  #status = byId("tray-status")
  #maxBytes = Number(this.#input.dataset.maxBytes)
  #maxFiles = Number(this.#input.dataset.maxFiles)
  /** @type {StoredValue<TrayUpload[]>} */
  #stored
  #path
  /** @type {TrayFile[]} */
  #files = []
  #onSettled
  #onRemoved

  /**
   * @param {object} options
   * @param {OpenRoom} options.room
   * @param {string} options.key identifies viewer and channel
   * @param {() => void} options.onSettled an upload ended, well or not
   * @param {() => void} options.onRemoved
   */
  constructor({ room, key, onSettled, onRemoved }) {
    this.#path = room.path
    this.#onSettled = onSettled
    this.#onRemoved = onRemoved
    this.#stored = new StoredValue(`files:${key}`, [])
    for (const stored of this.#stored.value) this.#append(new TrayFile({ stored, tray: this }))
    this.#acceptChosen()
    this.#acceptPasted()
    this.#acceptDropped(room.element)
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
    return this.#files.length === 0
  }

  /** Are files waiting or uploading? */
  get isBusy() {
    return this.#files.some(({ state }) => state === "waiting" || state === "uploading")
  }

  get hasFailed() {
    return this.#files.some(({ state }) => state === "failed")
  }

  /**
   * Takes files out, for a message. Default: all.
   * @param {string[]} [ids]
   */
  take(ids) {
    const taken = this.#files.filter(({ id }) => !ids || ids.includes(id))
    for (const { element } of taken) element.remove()
    this.#files = this.#files.filter((file) => !taken.includes(file))
    this.store()
    this.showStatus("")
    return taken.map(({ id, name }) => ({ id, name }))
  }

  /**
   * Attaches a text that is too long for a message as a file. `false` if there are too many files.
   * @param {File} file
   */
  addText(file) {
    if (this.#isFull()) return false

    this.#add([file])
    this.showStatus("Too long for a message: attached as a file.")
    return true
  }

  /**
   * Shows a note, also to screen readers.
   * @param {string} text
   */
  showStatus(text) {
    this.#status.textContent = text
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

  #acceptChosen() {
    this.#input.addEventListener("change", () => {
      this.#add(this.#input.files ?? [])
      this.#input.value = ""
      this.#text.focus()
    })
  }

  #acceptPasted() {
    this.#text.addEventListener("paste", (event) => {
      const { clipboardData } = event
      if (!clipboardData || clipboardData.files.length === 0 || hasText(clipboardData)) return

      event.preventDefault()
      this.#add(clipboardData.files)
    })
  }

  /** @param {HTMLElement} room */
  #acceptDropped(room) {
    room.addEventListener("dragover", (event) => {
      if (!bringsFiles(event)) return
      event.preventDefault()
      room.classList.add("dropping")
    })
    room.addEventListener("dragleave", ({ relatedTarget }) => {
      const isInside = relatedTarget instanceof Node && room.contains(relatedTarget)
      if (!isInside) room.classList.remove("dropping")
    })
    room.addEventListener("drop", (event) => {
      if (!bringsFiles(event)) return
      event.preventDefault()
      room.classList.remove("dropping")
      this.#add(event.dataTransfer?.files ?? [])
      this.#text.focus()
    })
  }

  /** @param {Iterable<File>} files */
  #add(files) {
    for (const file of files) {
      if (this.#isFull()) break

      const added = new TrayFile({ file, tray: this })
      this.#append(added)
      const tooLarge = `too large: at most ${Math.floor(this.#maxBytes / 1024 ** 2)} MB`
      if (file.size > this.#maxBytes) added.refuse(tooLarge)
      else if (file.size === 0) added.refuse("empty, or a folder")
    }
    this.#uploadNext()
  }

  #isFull() {
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

/** @param {DragEvent} event */
function bringsFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false
}
