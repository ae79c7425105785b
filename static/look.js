/**
 * How pages look is on their root, as the server wrote it there. Where it was just changed, the pages in other tabs
 * and those that one goes back to change with it.
 */

import { stored } from "./stored.js"

const parts = ["theme", "density", "motion", "sounds", "zone", "clock", "keys"]

const root = document.documentElement

/** Animations stand still for those who want that; for those whose system says so they do by themselves. */
export function keepStill(within) {
  if (root.dataset.motion !== "reduced") return

  for (const still of within.querySelectorAll("picture > source[media]")) still.media = "all"
}

export function startLook() {
  const look = stored(`look:${root.dataset.viewer}`, null)
  if (document.getElementById("settings")) look.value = { ...root.dataset }

  addEventListener("storage", ({ key }) => key === look.key && wear())
  addEventListener("pageshow", ({ persisted }) => persisted && wear())

  function wear() {
    look.reload()
    if (!look.value) return

    for (const part of parts) {
      if (look.value[part] === undefined) delete root.dataset[part]
      else root.dataset[part] = look.value[part]
    }
    document.dispatchEvent(new CustomEvent("look:changed"))
  }
}
