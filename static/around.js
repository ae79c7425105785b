/**
 * What stands around a room after an interruption. Those who come and go, and lists that change, are told by fragments
 * to whoever is live; here is how things are for a page that missed some of them.
 */

/** After a restart everyone comes back at once, and need not ask at once. */
const spreadMs = 2000

export function keepAround(room) {
  let wasLive = false
  let timer

  room.addEventListener("live:up", () => {
    clearTimeout(timer)
    if (wasLive) timer = setTimeout(askAround, Math.random() * spreadMs)
    wasLive = true
  })
  room.addEventListener("live:told", ({ detail }) => {
    if (detail.type === "here") showHere(detail.statuses)
  })
}

/** Has the lists around the room sent again, as they are for this reader. */
export function askAround() {
  htmx.ajax("GET", `${location.pathname}/around`, { target: "#around", swap: "innerHTML" })
}

function showHere(statuses) {
  for (const dot of document.querySelectorAll(".presence")) {
    const status = statuses[dot.id.slice("presence-".length)] ?? "offline"
    dot.dataset.status = status
    dot.firstElementChild.textContent = status
  }
}
