/** The colours of the marks, as in `static/icons/`. */
const marks = { unread: "#6f8fa8", mentions: "#d8401f" } as const

/** An icon with the mark of something unread: an SVG image that contains the icon, since it may load nothing. */
export function markedIcon(png: Uint8Array, mark: keyof typeof marks): string {
  const image = `<image width="64" height="64" href="data:image/png;base64,${png.toBase64()}"/>`
  const dot = `<circle cx="50" cy="14" r="13" fill="${marks[mark]}" stroke="#fff" stroke-width="3"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${image}${dot}</svg>`
}
