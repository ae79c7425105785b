/** What the next message answers: kept on this device with the draft, without what the other message says. */

import { stored } from "./stored.js"
import { excerptIn } from "./text.js"

/** `changed` is told when there is another one, or none. */
export function startReplying(key, changed) {
  const bar = document.getElementById("composer-reply")
  const field = bar.querySelector("input")
  const find = (selector) => bar.querySelector(selector)
  const kept = stored(`reply:${key}`, null)

  // The address asked for it: a reload must not ask again.
  if (field.value) {
    kept.value = { id: field.value, name: find(".replying-name").textContent }
    history.replaceState(history.state, "", location.pathname + location.hash)
  } else if (kept.value) show()

  bar.querySelector(".cancel-reply").addEventListener("click", (event) => {
    event.preventDefault()
    set(null)
  })
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="/messages/"][href$="/reply"]')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return

    event.preventDefault()
    document.getElementById("dialog").close()
    start(link.getAttribute("href").split("/")[2])
  })

  function start(id) {
    const article = document.getElementById(`message-${id}`)
    set({ id, name: article?.querySelector(".author")?.textContent ?? "a message" })
  }

  function set(next) {
    kept.value = next
    show()
    changed()
  }

  function show() {
    const { id = "", name = "" } = kept.value ?? {}
    const article = id && document.getElementById(`message-${id}`)
    field.value = id
    find(".replying-name").textContent = name
    find(".replying-excerpt").textContent = article ? excerptIn(article) : ""
    bar.hidden = !id
  }

  return {
    start,
    /** What is answered, for the message that is sent now; the next one answers nothing. */
    take() {
      const taken = kept.value
      if (taken) {
        kept.value = null
        show()
      }
      return taken
    },
    /** Answers nothing after all; `false` when it did not anyway. */
    cancel() {
      if (!kept.value) return false

      set(null)
      return true
    },
  }
}
