import { loadLater } from "./later.js"

const emoji = /\p{Emoji_Presentation}|\uFE0F/u

/** Loads a font with the first emoji that the page shows, if the device has none: see `emoji-fonts.js`. */
export function watchForEmoji() {
  const isThere = (/** @type {Node} */ node) => {
    if (!emoji.test(node.textContent ?? "")) return false

    observer.disconnect()
    // Without a connection it is missing, and requested again with the next emoji.
    loadLater("emoji-fonts.js", () => import("./emoji-fonts.js")).then(
      ({ addMissingEmoji }) => addMissingEmoji(),
      watch,
    )
    return true
  }
  const observer = new MutationObserver((changes) =>
    changes.some(({ addedNodes }) => [...addedNodes].some(isThere)),
  )
  const watch = () => observer.observe(document.body, { childList: true, subtree: true })
  watch()
  isThere(document.body)
}
