import { byId, closest, create, find } from "./elements.js"
import { focusPlaceOf, isFocusLost, restoreFocus } from "./focus.js"
import { isPlainClick } from "./input-events.js"

/** @import { FocusPlace } from "./focus.js" */
/** @import { LocalTimes } from "./times.js" */

/**
 * Links that open in the dialog: without scripting they lead to pages of their own. The time of a message does so until
 * `toolbar.js` makes it a link to the message.
 */
const links = 'a[data-dialog], .message > header > a[href$="/actions"]'

/**
 * The page's one dialog. Forms with `data-dialog` get their answer in it; most forms say so with the attributes of htmx, which
 * are too long for messages.
 */
export class PageDialog {
  #dialog = byId("dialog", HTMLDialogElement)
  #body = byId("dialog-body")
  #times
  /**
   * Where the focus was when it opened.
   * @type {FocusPlace | null}
   */
  #opener = null

  /** @param {LocalTimes} times */
  constructor(times) {
    this.#times = times
    document.addEventListener("htmx:after:swap", ({ detail }) => {
      // Most actions have no panel as their answer.
      if (detail.ctx?.target === this.#body && detail.ctx.text) this.#loaded()
    })
    document.addEventListener("click", (event) => {
      const link = closest(event, links)
      if (!link || !isPlainClick(event) || event.defaultPrevented) return

      event.preventDefault()
      this.open(link.getAttribute("href") ?? "")
    })
    document.addEventListener("submit", (event) => {
      const form = closest(event, "form[data-dialog]")
      if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return

      event.preventDefault()
      const fields = [...new FormData(form, event.submitter)]
      const values = Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))
      const action = form.getAttribute("action") ?? ""
      htmx.ajax("POST", action, { target: "#dialog-body", swap: "innerHTML", values })
    })
    // Another form's answer, which comes late, is not about the panel that is shown.
    document.addEventListener("dialog:close", ({ target }) => {
      if (target instanceof Node && this.#body.contains(target)) this.close()
    })
    this.#dialog.addEventListener("close", () => {
      this.#body.replaceChildren()
      if (isFocusLost() && this.#opener) restoreFocus(this.#opener)
    })
    this.#dialog.addEventListener("click", (event) => {
      // The dialog itself is the target of clicks on its backdrop.
      if (event.target === this.#dialog || closest(event, ".cancel")) this.close()
    })
  }

  get isOpen() {
    return this.#dialog.open
  }

  /**
   * Does it show something that matches?
   * @param {string} selector
   */
  shows(selector) {
    return this.isOpen && find(this.#body, selector) !== null
  }

  /**
   * Loads the panel at a path of this site into it, in place of one that is still loading.
   * @param {string} path
   */
  open(path) {
    htmx.ajax("GET", path, { source: "#dialog", target: "#dialog-body", swap: "innerHTML" })
  }

  /**
   * Shows a panel that is there already, with the focus in its first control.
   * @param {HTMLElement} panel
   */
  show(panel) {
    this.#body.replaceChildren(panel)
    if (!this.isOpen) this.#showModal()
    find(panel, "input, button")?.focus()
    htmx.process(panel)
  }

  close() {
    this.#dialog.close()
  }

  async #loaded() {
    this.#times.localize(this.#body)
    const styles = loadPanelStyles()
    // Else at once: before `FocusKeeper` looks where the focus is. A panel without its styles is better than none.
    if (styles) await styles.catch(() => {})
    if (!this.isOpen) this.#showModal()
    // A panel replaced the one that had the focus, or that said that it is loading.
    if (!this.#body.contains(document.activeElement))
      find(this.#body, "[autofocus], a[href], button, input, select, textarea")?.focus()
  }

  #showModal() {
    this.#opener = focusPlaceOf(document.activeElement)
    this.#dialog.showModal()
  }
}

const maxStylesMs = 3000

/**
 * Loads the styles of what needs an input to be seen: panels, menus, toolbars, print. Resolves when they apply, or are too
 * slow; rejects without a connection. Nothing if they apply already.
 */
export function loadPanelStyles() {
  const { pathname } = new URL("settings.css", import.meta.url)
  const known = find(document.head, `link[href="${pathname}"]`, HTMLLinkElement)
  if (known?.sheet) return

  const sheet = known ?? create("link", { rel: "stylesheet", href: pathname })
  if (!known) document.head.append(sheet)
  return new Promise((resolve, reject) => {
    sheet.addEventListener("load", resolve)
    sheet.addEventListener("error", () => {
      sheet.remove()
      reject()
    })
    setTimeout(resolve, maxStylesMs)
  })
}
