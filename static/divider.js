/**
 * What was new when its reader came: the mark in the log stays as they read on, and above the log stands how much it
 * is for as long as they have not seen where it begins.
 */

export function startDivider() {
  const messages = document.getElementById("messages")
  const bar = document.getElementById("new-bar")
  const mark = () => messages.querySelector(".new-divider")
  const seen = new IntersectionObserver(look, { root: document.getElementById("log") })
  let watched = null

  watch()
  // It may come with older messages.
  new MutationObserver(watch).observe(messages, { childList: true })

  bar?.addEventListener("click", (event) => {
    const first = document.querySelector(new URL(bar.querySelector("a").href).hash)
    if (!event.target.closest("a") || !first || event.ctrlKey || event.metaKey || event.shiftKey) return

    event.preventDefault()
    first.scrollIntoView({ block: "center" })
    first.focus({ preventScroll: true })
  })
  bar?.addEventListener("htmx:after:request", () => {
    mark()?.remove()
    close()
    document.dispatchEvent(new CustomEvent("log:all-read"))
  })
  document.addEventListener("log:unread", ({ detail }) => {
    mark()?.remove()
    const divider = document.getElementById("new-divider").content.firstElementChild.cloneNode(true)
    document.getElementById(`message-${detail.messageId}`)?.before(divider)
    close()
  })

  function watch() {
    if (!bar || bar.hidden || mark() === watched) return

    watched = mark()
    if (watched) seen.observe(watched)
  }

  /** Above what is shown, it is worth a bar; in sight, it has done its part. */
  function look(entries) {
    const last = entries.at(-1)
    if (last.isIntersecting) close()
    else bar.classList.toggle("shown", last.boundingClientRect.top < (last.rootBounds?.top ?? 0))
  }

  function close() {
    seen.disconnect()
    if (bar) bar.hidden = true
  }
}
