import { find, findAll } from "./elements.js"

/** How much one step makes a picture larger, and the most. */
const step = 1.5
const maxZoom = 8
/** A finger or mouse that moves less has tapped; one that moves further sideways has swiped. In pixels. */
const tapPx = 8
const swipePx = 60

/** A picture that is made larger and moved: by buttons, keys, wheel, pinching, and by dragging; swiping leads on. */
export class PictureZoom {
  #frame
  #image
  #onSwipe
  #zoom = 1
  /** Its size at zoom 1. */
  #fit = { width: 0, height: 0 }
  /**
   * Fingers and buttons that are down, where they were last.
   * @type {Map<number, { x: number, y: number }>}
   */
  #pointers = new Map()
  /** The position of the first pointer, and whether there were others. */
  #start = { x: 0, y: 0, isAlone: true }

  /**
   * @param {HTMLElement} frame
   * @param {{ onSwipe: (to: "prev" | "next") => void }} options
   */
  constructor(frame, { onSwipe }) {
    this.#frame = frame
    this.#image = /** @type {HTMLImageElement} */ (find(frame, "img"))
    this.#onSwipe = onSwipe
    const template = find(frame, "template", HTMLTemplateElement)
    if (template) frame.after(template.content.cloneNode(true))
    for (const button of findAll(frame.parentElement ?? frame, "[data-zoom]")) {
      button.addEventListener("click", () => this.#act(button.dataset.zoom))
    }
    frame.addEventListener("wheel", (event) => this.#turn(event), { passive: false })
    frame.addEventListener("pointerdown", (event) => this.#down(event))
    frame.addEventListener("pointermove", (event) => this.#move(event))
    for (const type of ["pointerup", "pointercancel"]) {
      frame.addEventListener(type, (event) => this.#up(/** @type {PointerEvent} */ (event)))
    }
    frame.addEventListener("dblclick", ({ clientX, clientY }) => {
      this.#setZoom(this.#zoom > 1 ? 1 : 2.5, { x: clientX, y: clientY })
    })
  }

  /**
   * Does a key mean something here? Arrows do once the picture is larger than its frame.
   * @param {string} key
   */
  press(key) {
    if (key === "+" || key === "=") return this.#act("in")
    if (key === "-" || key === "−") return this.#act("out")
    if (key === "0") return this.#act("fit")
    if (this.#zoom === 1) return false

    const by = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] }[key]
    if (by) this.#frame.scrollBy(by[0] ?? 0, by[1] ?? 0)
    return by !== undefined
  }

  /** @param {string | undefined} what */
  #act(what) {
    this.#setZoom(what === "in" ? this.#zoom * step : what === "out" ? this.#zoom / step : 1)
    return true
  }

  /**
   * @param {number} zoom
   * @param {{ x: number, y: number }} [around] stays where it is; else the middle
   */
  #setZoom(zoom, around) {
    const [frame, image] = [this.#frame, this.#image]
    // Before it is loaded it has no size.
    if (!image.complete && image.naturalWidth === 0)
      return image.addEventListener("load", () => this.#setZoom(zoom, around), { once: true })

    const before = image.getBoundingClientRect()
    if (this.#zoom === 1) this.#fit = { width: before.width, height: before.height }
    this.#zoom = Math.min(maxZoom, Math.max(1, zoom))
    if (this.#zoom < 1.05) this.#zoom = 1

    const isLarge = this.#zoom > 1
    frame.toggleAttribute("data-zoomed", isLarge)
    frame.tabIndex = isLarge ? 0 : -1
    image.style.inlineSize = isLarge ? `${this.#fit.width * this.#zoom}px` : ""
    image.style.blockSize = isLarge ? `${this.#fit.height * this.#zoom}px` : ""
    // A preview has no more to show.
    const original = frame.dataset.original
    if (isLarge && original && !image.src.endsWith(original)) image.src = original

    const box = frame.getBoundingClientRect()
    const at = around ?? { x: box.x + box.width / 2, y: box.y + box.height / 2 }
    const after = image.getBoundingClientRect()
    const part = { x: (at.x - before.x) / before.width, y: (at.y - before.y) / before.height }
    frame.scrollBy(after.x + part.x * after.width - at.x, after.y + part.y * after.height - at.y)
  }

  /** @param {WheelEvent} event */
  #turn(event) {
    // Pinching on a touch pad is such a wheel too.
    if (!event.ctrlKey) return

    event.preventDefault()
    this.#setZoom(this.#zoom * Math.exp(-event.deltaY / 200), { x: event.clientX, y: event.clientY })
  }

  /** @param {PointerEvent} event */
  #down({ pointerId, clientX: x, clientY: y, button }) {
    if (button !== 0) return

    if (this.#pointers.size === 0) this.#start = { x, y, isAlone: true }
    else this.#start.isAlone = false
    this.#pointers.set(pointerId, { x, y })
    this.#frame.setPointerCapture(pointerId)
  }

  /** @param {PointerEvent} event */
  #move({ pointerId, clientX: x, clientY: y }) {
    const last = this.#pointers.get(pointerId)
    if (!last) return

    const other = [...this.#pointers].find(([id]) => id !== pointerId)?.[1]
    this.#pointers.set(pointerId, { x, y })
    if (other) {
      const distance = Math.hypot(x - other.x, y - other.y)
      const before = Math.hypot(last.x - other.x, last.y - other.y)
      const middle = { x: (x + other.x) / 2, y: (y + other.y) / 2 }
      if (before > 0) this.#setZoom(this.#zoom * (distance / before), middle)
    } else if (this.#zoom > 1) this.#frame.scrollBy(last.x - x, last.y - y)
  }

  /** @param {PointerEvent} event */
  #up({ pointerId, clientX, clientY, type }) {
    if (!this.#pointers.delete(pointerId) || this.#pointers.size > 0 || type === "pointercancel") return

    const [dx, dy] = [clientX - this.#start.x, clientY - this.#start.y]
    const isSwipe = this.#start.isAlone && this.#zoom === 1 && Math.abs(dx) > swipePx
    if (isSwipe && Math.abs(dx) > 2 * Math.abs(dy) + tapPx) this.#onSwipe(dx > 0 ? "prev" : "next")
  }
}
