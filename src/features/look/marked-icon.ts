/** The colours of the marks, as in `static/icons/`. */
const marks = { unread: "#6f8fa8", mentions: "#d8401f" } as const

/** An icon with the mark of something unread: an SVG image that contains the icon, since it may load nothing. */
export function markedIcon(png: Uint8Array, mark: keyof typeof marks): string {
  const image = `<image width="64" height="64" href="data:image/png;base64,${png.toBase64()}"/>`
  const dot = `<circle cx="50" cy="14" r="13" fill="${marks[mark]}" stroke="#fff" stroke-width="3"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${image}${dot}</svg>`
}

/**
 * An icon that systems may cut to any shape: only a circle of 80 % of its width is always seen, so that the icon stands
 * small on a ground. Source: W3C, "Web Application Manifest", section "Icon masks and safe zone".
 */
export function maskableIcon(png: Uint8Array, ground: string): string {
  const image = `<image x="14" y="14" width="36" height="36" href="data:image/png;base64,${png.toBase64()}"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${ground}"/>${image}</svg>`
}
