import { byId, find } from "./elements.js"

/** Arrow keys in the picture viewer, a panel of the dialog, lead to the previous and next picture. */
export function startFileViewer() {
  const dialog = byId("dialog", HTMLDialogElement)
  let direction = "next"
  document.addEventListener("keydown", ({ key }) => {
    const isArrow = key === "ArrowLeft" || key === "ArrowRight"
    if (!isArrow || !dialog.open || !find(dialog, ".viewer")) return

    direction = key === "ArrowLeft" ? "prev" : "next"
    find(dialog, `[rel="${direction}"]`)?.click()
  })
  document.addEventListener("htmx:after:swap", () => {
    const viewer = find(dialog, ".viewer")
    if (!viewer || viewer.contains(document.activeElement)) return

    const link = find(viewer, `[rel="${direction}"]`) ?? find(viewer, "nav a")
    link?.focus()
  })
}
