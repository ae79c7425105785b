/** Who is here, after an interruption: what is told of those who come and go afterwards are fragments. */

export function keepPresence(room) {
  room.addEventListener("live:told", ({ detail }) => {
    if (detail.type !== "here") return

    for (const dot of document.querySelectorAll(".presence")) {
      const status = detail.statuses[dot.id.slice("presence-".length)] ?? "offline"
      dot.dataset.status = status
      dot.firstElementChild.textContent = status
    }
  })
}
