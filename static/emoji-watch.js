const emoji = /\p{Emoji_Presentation}|\uFE0F/u

/** Loads a font with the first emoji that the page shows, if the device has none: see `emoji-fonts.js`. */
export function watchForEmoji() {
  const isThere = (/** @type {Node} */ node) => {
    if (!emoji.test(node.textContent ?? "")) return false

    observer.disconnect()
    import("./emoji-fonts.js").then(({ addMissingEmoji }) => addMissingEmoji())
    return true
  }
  const observer = new MutationObserver((changes) =>
    changes.some(({ addedNodes }) => [...addedNodes].some(isThere)),
  )
  observer.observe(document.body, { childList: true, subtree: true })
  isThere(document.body)
}
