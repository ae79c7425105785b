import { loadPanelStyles } from "./dialog.js"
import { byId } from "./elements.js"
import { on } from "./events.js"
import { loadLater } from "./later.js"
import { hasText } from "./pasted-files.js"
import { StoredValue } from "./storage.js"

/** @import { FileTray } from "./file-tray.js" */
/** @import { OpenRoom } from "./room.js" */
/** @import { TrayUpload } from "./tray-file.js" */

/**
 * Takes the files of the next message: chosen, pasted or dropped ones, and those of a stored draft. Most visits have none, so
 * what shows and uploads them is loaded with the first: see `file-tray.js`.
 */
export class ComposerFiles {
  #room
  #input = byId("composer-files", HTMLInputElement)
  #text = byId("composer-content", HTMLTextAreaElement)
  #status = byId("tray-status")
  #list = byId("tray")
  /** @type {StoredValue<TrayUpload[]>} */
  #stored
  #onSettled
  #onRemoved
  /** @type {FileTray | undefined} */
  #tray
  /**
   * What the tray gets once it is loaded.
   * @type {File[]}
   */
  #waiting = []
  #isNeeded = false

  /**
   * @param {object} options
   * @param {OpenRoom} options.room
   * @param {string} options.key identifies viewer and channel
   * @param {() => void} options.onSettled an upload ended, well or not
   * @param {() => void} options.onRemoved
   */
  constructor({ room, key, onSettled, onRemoved }) {
    this.#room = room
    this.#onSettled = onSettled
    this.#onRemoved = onRemoved
    this.#stored = new StoredValue(`files:${key}`, [])
    this.#acceptChosen()
    this.#acceptPasted()
    this.#acceptDropped(room.element)
    if (this.#stored.value.length > 0) this.#loadTray()
    const loadMissing = () => {
      if (!this.#isNeeded) return
      this.showStatus("")
      this.#loadTray()
    }
    on("live:up", loadMissing, room.signal)
  }

  get isEmpty() {
    return !this.#isNeeded && (this.#tray?.isEmpty ?? true)
  }

  /** Are files waiting or uploading? */
  get isBusy() {
    return this.#isNeeded || (this.#tray?.isBusy ?? false)
  }

  get hasFailed() {
    return this.#tray?.hasFailed ?? false
  }

  /**
   * Takes files out, for a message. Default: all.
   * @param {string[]} [ids]
   */
  take(ids) {
    return this.#tray?.take(ids) ?? []
  }

  /**
   * Attaches a text that is too long for a message as a file. `false` if there are too many files, or it is unknown yet.
   * @param {File} file
   */
  addText(file) {
    if (this.#isNeeded || this.#tray?.isFull()) return false

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
    if (this.#tray) return this.#tray.add(files)

    this.#waiting.push(...files)
    this.#loadTray()
  }

  /** Without a connection the files wait for it. */
  async #loadTray() {
    this.#isNeeded = true
    const loading = Promise.all([
      loadLater("file-tray.js", () => import("./file-tray.js")),
      loadPanelStyles(),
    ])
    const [loaded] = await loading.catch(() => [])
    if (!loaded) return this.showStatus("Files are attached when the connection is back.")
    if (this.#tray) return

    this.#isNeeded = false
    this.#tray = new loaded.FileTray({
      room: this.#room,
      list: this.#list,
      text: this.#text,
      input: this.#input,
      stored: this.#stored,
      showStatus: (text) => this.showStatus(text),
      onSettled: this.#onSettled,
      onRemoved: this.#onRemoved,
    })
    this.#tray.add(this.#waiting)
    this.#onSettled()
  }
}

/** @param {DragEvent} event */
function bringsFiles({ dataTransfer }) {
  return dataTransfer?.types.includes("Files") ?? false
}
