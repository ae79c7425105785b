import { cloneTemplate, create, find, get } from "./elements.js"
import { post } from "./requests.js"

/** @import { FileTray } from "./file-tray.js" */

/**
 * An uploaded file, as it is remembered on this device. Pictures have a width.
 * @typedef {{ id: string, name: string, width?: number, alt?: string }} TrayUpload
 */

/** Height of thumbnails, in pixels of the screen. */
const thumbnailPx = 112

/** One file in the tray: its element, and its upload. */
export class TrayFile {
  #tray
  /** @type {File | undefined} */
  #file
  /** @type {TrayUpload} */
  #stored
  /** @type {XMLHttpRequest | undefined} */
  #request
  /** @type {"waiting" | "uploading" | "failed" | "done"} */
  #state
  #progress = 0
  #failure = ""
  /** Would trying again be useless? */
  #isRefused = false
  #failedOffline = false
  #element = cloneTemplate("tray-item")

  /**
   * @param {object} options
   * @param {FileTray} options.tray
   * @param {File} [options.file] to be uploaded
   * @param {TrayUpload} [options.stored] uploaded before
   */
  constructor({ tray, file, stored = { id: "", name: file?.name ?? "" } }) {
    this.#tray = tray
    this.#file = file
    this.#stored = stored
    this.#state = file ? "waiting" : "done"
    get(this.#element, ".tray-remove").addEventListener("click", () => tray.remove(this))
    get(this.#element, ".tray-retry").addEventListener("click", () => tray.retry(this))
    this.#listenToAlt()
    if (file?.type.startsWith("image/")) this.#showThumbnail(file)
    this.#update()
  }

  get element() {
    return this.#element
  }

  get state() {
    return this.#state
  }

  /** Empty until it is uploaded. */
  get id() {
    return this.#stored.id
  }

  get name() {
    return this.#stored.name
  }

  /** Did it fail without a connection, so that it should be tried again with one? */
  get failedOffline() {
    return this.#failedOffline
  }

  /** Can it never be uploaded? */
  get isRefused() {
    return this.#isRefused
  }

  /** @returns {TrayUpload} */
  toStored() {
    const { id, name, width, alt } = this.#stored
    return { id, name, width, alt }
  }

  wait() {
    this.#state = "waiting"
    this.#update()
  }

  /** With XMLHttpRequest: `fetch` reports no progress of uploads. */
  upload() {
    const file = this.#file
    if (!file) return

    this.#state = "uploading"
    this.#failedOffline = false
    this.#update()
    const request = new XMLHttpRequest()
    this.#request = request
    request.open("POST", `${this.#tray.path}/files`)
    request.setRequestHeader("accept", "application/json")
    request.responseType = "json"
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      this.#progress = loaded / total
      this.#update()
    })
    request.addEventListener("load", () => this.#loaded(request.response))
    request.addEventListener("error", () => {
      this.#failedOffline = true
      this.#fail("no connection")
    })
    const body = new FormData()
    body.append("files", file, file.name)
    request.send(body)
  }

  abort() {
    this.#request?.abort()
  }

  /**
   * Fails for good.
   * @param {string} reason
   */
  refuse(reason) {
    this.#isRefused = true
    this.#fail(`${reason}. Remove it, or send without it`)
  }

  /** @param {{ files?: TrayUpload[], error?: { message?: string } } | null} answer */
  #loaded(answer) {
    const [stored] = answer?.files ?? []
    if (!stored) return this.#fail(answer?.error?.message ?? "the server refused it")

    this.#stored = { ...this.#stored, ...stored }
    this.#state = "done"
    this.#tray.store()
    this.#update()
    this.#tray.settled()
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#state = "failed"
    this.#failure = reason
    this.#update()
    this.#tray.showStatus(`${this.name} was not attached: ${reason}`)
    this.#tray.settled()
  }

  #listenToAlt() {
    const alt = get(this.#element, ".tray-alt", HTMLInputElement)
    alt.value = this.#stored.alt ?? ""
    alt.addEventListener("change", () => {
      this.#stored = { ...this.#stored, alt: alt.value }
      this.#tray.store()
      post(`/files/${this.id}/alt`, { alt: alt.value }).catch(() => {})
    })
    alt.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return
      event.preventDefault()
      this.#tray.focusText()
    })
  }

  #update() {
    const element = this.#element
    const { id, name, width } = this.#stored
    const state = this.#state
    element.dataset.state = state
    get(element, ".file-name").textContent = name
    // Goes along where the whole form is sent: to schedule a message.
    get(element, "input", HTMLInputElement).value = id
    const percent = `${Math.floor(this.#progress * 100)} %`
    get(element, ".tray-state").textContent = {
      waiting: "waiting",
      uploading: percent,
      failed: this.#failure,
      done: "",
    }[state]
    const progress = get(element, "progress", HTMLProgressElement)
    progress.hidden = state !== "uploading"
    progress.value = this.#progress
    progress.ariaLabel = `Upload of ${name}`
    get(element, ".tray-retry").hidden = state !== "failed" || this.#isRefused
    const alt = get(element, ".tray-alt")
    alt.hidden = !(state === "done" && width)
    alt.ariaLabel = `Description of ${name}`
    get(element, ".tray-remove").ariaLabel = state === "uploading" ? `Cancel ${name}` : `Remove ${name}`
    if (id && width && !find(element, ".thumb img, .thumb canvas")) {
      get(element, ".thumb").replaceChildren(create("img", { src: `/files/${id}/preview/400`, alt: "" }))
    }
  }

  /**
   * From the file itself, before it is uploaded. If the browser cannot decode it, the server's preview is shown later.
   * @param {File} file
   */
  async #showThumbnail(file) {
    try {
      const bitmap = await createImageBitmap(file, { resizeHeight: thumbnailPx })
      const canvas = create("canvas", { width: bitmap.width, height: bitmap.height })
      canvas.getContext("2d")?.drawImage(bitmap, 0, 0)
      bitmap.close()
      get(this.#element, ".thumb").replaceChildren(canvas)
    } catch {
      // The icon of a file stays.
    }
  }
}
