/**
 * Copies what a control is for: the text it carries, the address it leads to, or what is in the field beside it. A script of
 * its own, for pages that have no other.
 */
document.addEventListener("click", async (event) => {
  const { target } = event
  const control = target instanceof Element ? target.closest(".copy-link") : null
  if (!(control instanceof HTMLElement)) return

  event.preventDefault()
  const field = control.parentElement?.querySelector("input[readonly]")
  if (field instanceof HTMLInputElement) {
    field.select()
    control.textContent = (await copy(field.value, control)) ? "Copied" : "Press Ctrl+C"
    return
  }
  const text = control instanceof HTMLAnchorElement ? control.href : (control.dataset.text ?? "")
  control.textContent = (await copy(text, control)) ? "Copied" : "Not copied"
})

/**
 * @param {string} text
 * @param {HTMLElement} control
 */
async function copy(text, control) {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )

  // Plain http has no clipboard of its own. Beside the control, because a dialog makes the rest of the page inert.
  const field = document.createElement("textarea")
  field.value = text
  control.after(field)
  field.select()
  const isCopied = document.execCommand("copy")
  field.remove()
  control.focus()
  return isCopied
}
