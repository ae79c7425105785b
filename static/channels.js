/** A list of many channels opens at the one where its reader is. */

export function startChannels() {
  // In a drawer there is nothing to scroll to before it is open.
  document.getElementById("places")?.addEventListener("toggle", showCurrent)
  showCurrent()
}

function showCurrent() {
  const list = document.querySelector("#channels ul")
  const current = list?.querySelector("[aria-current]")
  if (!current) return

  const [box, pane] = [current.getBoundingClientRect(), list.getBoundingClientRect()]
  if (box.top < pane.top || box.bottom > pane.bottom) list.scrollTop += box.top - pane.top - pane.height / 2
}
