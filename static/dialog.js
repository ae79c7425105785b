/** Forms that stand on a page of their own open in the page's dialog instead, where there is JavaScript. */

import { localizeTimes } from "./times.js"

export function startDialog() {
  const dialog = document.getElementById("dialog")
  const body = document.getElementById("dialog-body")
  if (!dialog || !body) return

  document.addEventListener("htmx:after:swap", ({ detail }) => {
    if (detail.ctx?.target !== body) return

    localizeTimes(body)
    if (!dialog.open) dialog.showModal()
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
  dialog.addEventListener("close", () => body.replaceChildren())
  // A click beside it closes it, as people expect.
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest(".cancel")) dialog.close()
  })
}

/** Something of the page's own, at once. */
export function showInDialog(panel) {
  const body = document.getElementById("dialog-body")
  body.replaceChildren(panel)
  document.getElementById("dialog").showModal()
  panel.querySelector("input").focus()
  htmx.process(panel)
}

/** As a link to it would. */
export function openInDialog(path) {
  htmx.ajax("GET", path, { target: "#dialog-body", swap: "innerHTML" })
}
