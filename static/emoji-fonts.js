/** The emoji font of this chat, for devices that have none. Loaded with the first emoji of a page. */

/** Declares the font, if emoji have no colors here. Browsers load the parts of it that a page shows. */
export function addMissingEmoji() {
  if (hasColors()) return

  const here = document.querySelector('link[href$="/app.css"]')
  if (!(here instanceof HTMLLinkElement)) return

  const link = document.createElement("link")
  link.rel = "stylesheet"
  link.href = here.href.replace(/app\.css$/, "emoji.css")
  document.head.append(link)
  document.documentElement.dataset.emoji = ""
}

/** Draws one in black: a font of emoji has its own colors. */
function hasColors() {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
  if (!context) return true

  context.font = "24px sans-serif"
  context.fillText("😀", 4, 28)
  const { data } = context.getImageData(0, 0, 40, 40)
  return data.some((value, at) => at % 4 < 3 && value > 40)
}
