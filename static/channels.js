/** A list of many channels stays where its reader left it when it is sent anew, and opens where they are. */

export function startChannels() {
  const list = () => document.querySelector("#channels ul")
  let top = 0

  // Scrolling does not bubble, and the list is another one after each change.
  document.addEventListener(
    "scroll",
    ({ target }) => {
      if (target === list()) top = target.scrollTop
    },
    true,
  )
  document.addEventListener("htmx:after:swap", () => {
    if (list()) list().scrollTop = top
  })

  // In a drawer there is nothing to scroll to before it is open.
  document.getElementById("places")?.addEventListener("toggle", showCurrent)
  showCurrent()

  function showCurrent() {
    const current = list()?.querySelector("[aria-current]")
    if (!current) return

    const [box, pane] = [current.getBoundingClientRect(), list().getBoundingClientRect()]
    if (box.top < pane.top || box.bottom > pane.bottom)
      list().scrollTop += box.top - pane.top - pane.height / 2
  }
}
