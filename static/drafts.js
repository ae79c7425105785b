/**
 * Where something was begun and not sent on this device, the links that lead there say so: also as it is written, here or
 * in another tab.
 */

const kinds = ["draft", "files", "outbox"]

export function markDrafts(viewer) {
  const mark = document.getElementById("draft-mark")?.content.firstElementChild
  if (!viewer || !mark) return

  show()
  document.addEventListener("htmx:after:swap", show)
  document.addEventListener("stored:changed", ({ detail }) => isOurs(detail.key) && show())
  addEventListener("storage", ({ key }) => (key === null || isOurs(key)) && show())
  addEventListener("pageshow", ({ persisted }) => persisted && show())

  function show() {
    for (const link of document.querySelectorAll("a[data-channel]")) {
      const words = wordsFor(link.dataset.channel)
      const known = link.querySelector(".drafted")
      if (words === (known?.textContent.trim() ?? "")) continue

      known?.remove()
      if (!words) continue

      const made = mark.cloneNode(true)
      made.querySelector("span").textContent = words
      // After the name, before what is unread.
      link.querySelector(".tally")?.before(made)
    }
  }

  /** As the screen reader says it after the channel's name. */
  function wordsFor(channel) {
    const [draft, files, outbox] = kinds.map((kind) => kept(`${kind}:${viewer}:${channel}`))
    return outbox ? "(not sent)" : draft || files ? "(draft)" : ""
  }

  function isOurs(key) {
    return kinds.some((kind) => key.startsWith(`${kind}:${viewer}:`))
  }
}

function kept(key) {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
