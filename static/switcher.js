import { cloneTemplate, closest, find, findAll, get } from "./elements.js"
import { isCommand, isComposing, isPlainClick } from "./input-events.js"
import { loadLater } from "./later.js"
import { followByKeyboard, recentChannels } from "./visits.js"

/** @import { PageDialog } from "./dialog.js" */

/** Opens the switcher, a search for channels, servers and people, in the dialog. */
export class Switcher {
  #dialog

  /** @param {PageDialog} dialog */
  constructor(dialog) {
    this.#dialog = dialog
    document.addEventListener("click", (event) => {
      const link = closest(event, 'a[href="/switch"]')
      if (!link || !isPlainClick(event)) return

      event.preventDefault()
      for (const popover of findAll(document, ":popover-open")) popover.hidePopover()
      this.#toggle()
    })
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || isComposing(event)) return
      if (!isCommand(event) || event.shiftKey || event.key.toLowerCase() !== "k") return

      event.preventDefault()
      this.#toggle()
    })
  }

  /** Does nothing while the dialog shows something else: it may contain unsaved text. */
  #toggle() {
    if (!this.#dialog.isOpen) this.#open()
    else if (this.#dialog.shows(".switcher")) this.#dialog.close()
  }

  /** From a template in the page, so that no key press is lost while it loads. */
  #open() {
    const panel = cloneTemplate("switcher")
    const form = get(panel, "form", HTMLFormElement)
    const viewerId = get(document, ".app").dataset.viewer ?? ""
    const channelId = find(document, "#room")?.dataset.channel ?? ""
    const recent = recentChannels(viewerId).value.filter((id) => id !== channelId)
    get(form, "[name=recent]", HTMLInputElement).value = recent.join()
    get(form, "[name=here]", HTMLInputElement).value = channelId
    let isSubmitted = false
    /** @param {Event} event */
    const wait = (event) => {
      event.preventDefault()
      isSubmitted = true
    }
    form.addEventListener("submit", wait)
    this.#dialog.show(panel)
    loadLater("switcher-list.js", () => import("./switcher-list.js"))
      .then(({ SwitcherList }) => new SwitcherList(panel, { isSubmitted, follow: followByKeyboard }))
      // Without it the results can still be reached by Tab, and Enter opens a page with them.
      .catch(() => form.removeEventListener("submit", wait))
  }
}
