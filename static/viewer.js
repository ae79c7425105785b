/** The scripted parts of the file viewer: zoom and swipe, arrow keys, speed, and the pages of PDFs. */

import { find } from "./elements.js"
import { PictureZoom } from "./picture-zoom.js"

/**
 * The picture that is shown.
 * @type {PictureZoom | null}
 */
let zoom = null
/**
 * The way that was followed last: it leads on.
 * @type {"prev" | "next" | null}
 */
let direction = null

/** Starts with the panel that is shown: in the dialog, or on a page of its own. */
export function openViewer() {
  const viewer = shownViewer()
  if (!viewer || viewer.dataset.open !== undefined) return

  viewer.dataset.open = ""
  const frame = find(viewer, ".frame")
  zoom = frame && new PictureZoom(frame, { onSwipe: follow })
  const stage = find(viewer, ".stage")
  if (stage) showSpeed(stage)
  const pdf = find(viewer, ".pdf")
  if (pdf) import("./pdf.js").then(({ showPdf }) => showPdf(pdf))

  if (!viewer.closest("dialog")) return
  const onwards = direction && find(viewer, `[rel="${direction}"]`)
  if (onwards) onwards.focus()
  else if (!viewer.contains(document.activeElement)) find(viewer, "nav a")?.focus()
}

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[rel]")
  const way = link && shownViewer()?.contains(link) ? link.getAttribute("rel") : null
  direction = way === "prev" || way === "next" ? way : null
})

document.addEventListener("keydown", (event) => {
  const viewer = shownViewer()
  const isTyping =
    event.target instanceof Element && event.target.closest("input, select, textarea, audio, video")
  if (!viewer || isTyping || event.ctrlKey || event.metaKey || event.altKey) return

  if (zoom?.press(event.key)) return event.preventDefault()
  // Scrollable elements use these keys themselves.
  const isScrolling = event.target instanceof Element && event.target.closest(".file-text, .file-table")
  if (event.key === "ArrowLeft" && !isScrolling) follow("prev")
  if (event.key === "ArrowRight" && !isScrolling) follow("next")
})

/** @param {"prev" | "next"} to */
function follow(to) {
  const viewer = shownViewer()
  const link = viewer && find(viewer, `[rel="${to}"]`)
  link?.click()
}

function shownViewer() {
  const dialog = find(document, "dialog[open]")
  return find(dialog ?? document, ".viewer")
}

/** @param {HTMLElement} stage */
function showSpeed(stage) {
  const [player, template] = [stage.querySelector("audio, video"), stage.querySelector("template")]
  if (!(player instanceof HTMLMediaElement) || !template) return

  stage.append(template.content.cloneNode(true))
  const select = find(stage, "select", HTMLSelectElement)
  select?.addEventListener("change", () => {
    player.playbackRate = Number(select.value)
  })
}

openViewer()
