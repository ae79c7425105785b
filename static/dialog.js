/** Forms that stand on a page of their own open in the page's dialog instead, where there is JavaScript. */

import { goBackTo, isLost, placeOf } from "./focus.js"
import { localizeTimes } from "./times.js"

/** What it was opened from: it may be another version of it when the dialog closes, or gone. */
let opener = null

export function startDialog() {
  const dialog = document.getElementById("dialog")
  const body = document.getElementById("dialog-body")
  if (!dialog || !body) return

  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.target !== body) return

    localizeTimes(body)
    if (!dialog.open) show(dialog)
    // Another panel took the place of the one that had the focus.
    if (isLost()) body.querySelector("[autofocus], a[href], button, input, select, textarea")?.focus()
  })
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]")
    // Another window or tab was asked for.
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    if (!link || !isPlain || event.defaultPrevented) return

    event.preventDefault()
    openInDialog(link.getAttribute("href"))
  })
  document.addEventListener("dialog:close", () => dialog.close())
  dialog.addEventListener("close", () => {
    body.replaceChildren()
    if (isLost() && opener) goBackTo(opener)
  })
  // A click beside it closes it, as people expect.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest(".cancel")) dialog.close()
  })
}

/** Something of the page's own, at once. */
export function showInDialog(panel) {
  const body = document.getElementById("dialog-body")
  body.replaceChildren(panel)
  show(document.getElementById("dialog"))
  panel.querySelector("input").focus()
  htmx.process(panel)
}

function show(dialog) {
  opener = placeOf(document.activeElement)
  dialog.showModal()
}

/** As a link to it would. */
export function openInDialog(path) {
  htmx.ajax("GET", path, { target: "#dialog-body", swap: "innerHTML" })
}
