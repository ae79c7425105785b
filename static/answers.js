/**
 * Answers that take long, come late or never come: people see what is under way, a form is sent once, and what they write
 * meanwhile stays. Loaded with the first input.
 */

/** @import { PageDialog } from "./dialog.js" */

/** Shorter waits show nothing. */
const slowMs = 300
const noAnswer = "The server did not answer. Check your connection, and try again."

export class PanelAnswers {
  #dialog
  #element
  /** Forms whose answer is under way, or leads to a page that is loading. */
  #sent = new WeakSet()
  /**
   * Answers that came while another panel was shown.
   * @type {HtmxContext[]}
   */
  #late = []
  /** @type {WeakMap<HtmxContext, ReturnType<typeof setTimeout>>} */
  #slow = new WeakMap()
  /**
   * What the dialog shows that it is loading.
   * @type {HtmxContext | null}
   */
  #loading = null

  /**
   * @param {PageDialog} dialog
   * @param {HTMLElement} element
   */
  constructor(dialog, element) {
    this.#dialog = dialog
    this.#element = element
    document.addEventListener("htmx:config:request", (event) => this.#sendOnce(event))
    document.addEventListener("htmx:before:request", ({ detail }) => this.#expect(detail.ctx))
    document.addEventListener("htmx:after:request", (event) => this.#receive(event))
    document.addEventListener("htmx:finally:request", ({ detail }) => this.#end(detail.ctx))
    document.addEventListener("htmx:error", ({ detail }) => detail.ctx && this.#fail(detail.ctx))
    element.addEventListener("close", () => this.#closed())
    // A page that one comes back to is as it was left.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.#sent = new WeakSet()
    })
  }

  /**
   * A second click does nothing. It would wait for the first answer, and then do the same again.
   * @param {HtmxEvents["htmx:config:request"]} event
   */
  #sendOnce(event) {
    const { sourceElement, request } = event.detail.ctx
    if (request.method !== "POST" || !(sourceElement instanceof HTMLFormElement)) return
    if (this.#sent.has(sourceElement)) event.preventDefault()
    else this.#sent.add(sourceElement)
  }

  /** @param {HtmxContext} ctx */
  #expect(ctx) {
    if (ctx.sourceElement !== this.#element || this.#dialog.isOpen) return

    const show = () => {
      if (this.#dialog.isOpen) return
      this.#loading = ctx
      this.#dialog.show(createPanel("Loading…"))
    }
    this.#slow.set(ctx, setTimeout(show, slowMs))
  }

  /**
   * What is asked for from elsewhere than the panel that is shown waits until that is closed. Nobody is led away by a form that
   * they closed: what it created is in the lists.
   * @param {HtmxEvents["htmx:after:request"]} event
   */
  #receive(event) {
    const { ctx } = event.detail
    const { target, sourceElement, hx } = ctx
    if (target?.id !== "dialog-body" || this.#element.contains(sourceElement)) return
    const isClosed = hx?.redirect && !sourceElement.isConnected
    if (!this.#dialog.isOpen && !isClosed) return

    event.preventDefault()
    if (ctx.text) this.#late.push(ctx)
  }

  /** @param {HtmxContext} ctx */
  #end(ctx) {
    clearTimeout(this.#slow.get(ctx))
    if (ctx === this.#loading) this.#loading = null
    if (!ctx.hx?.redirect) this.#sent.delete(ctx.sourceElement)
  }

  #closed() {
    // Nobody waits for it any more.
    if (this.#loading) this.#element.dispatchEvent(new Event("htmx:abort"))
    const late = this.#late.shift()
    if (late) htmx.swap(late)
  }

  /**
   * Says that there was no answer: in the panel that asked, else where one writes. Lists around a room are loaded again by
   * themselves.
   * @param {HtmxContext} ctx
   */
  #fail(ctx) {
    const { sourceElement, request } = ctx
    const isInPanel = this.#dialog.isOpen && ctx !== this.#loading && this.#element.contains(sourceElement)
    if (isInPanel) this.#sayInPanel()
    else if (sourceElement === this.#element) this.#offerAgain(request.action)
    else if (request.method === "POST" || sourceElement.matches("#pointer-menu, #search-pane")) {
      const error = document.getElementById("composer-error")
      if (error) error.textContent = noAnswer
    }
  }

  #sayInPanel() {
    this.#element.querySelector(".no-answer")?.remove()
    const alert = createAlert()
    this.#element.querySelector(".panel > :is(h1, h2)")?.after(alert)
    // The button is at the end of a form, which may be longer than the window.
    alert.scrollIntoView({ block: "nearest" })
  }

  /** @param {string} path */
  #offerAgain(path) {
    const again = Object.assign(document.createElement("button"), {
      type: "button",
      className: "primary",
      textContent: "Try again",
    })
    again.addEventListener("click", () => this.#dialog.open(path))
    const panel = createPanel("Not loaded")
    panel.append(createAlert(), again)
    this.#dialog.show(panel)
  }
}

/** @param {string} title */
function createPanel(title) {
  const panel = document.createElement("section")
  panel.className = "panel"
  panel.append(Object.assign(document.createElement("h1"), { id: "dialog-title", textContent: title }))
  return panel
}

function createAlert() {
  const alert = document.createElement("div")
  alert.className = "errors no-answer"
  alert.role = "alert"
  alert.append(Object.assign(document.createElement("p"), { textContent: noAnswer }))
  return alert
}
