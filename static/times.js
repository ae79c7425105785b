/** Shows times as the reader's clock and language do; the server does not know either. */
export function localizeTimes(root) {
  const today = new Date().toDateString()
  for (const time of root.querySelectorAll("time[datetime]:not([title])")) {
    const at = new Date(time.dateTime)
    const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    const day = at.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" })
    time.title = at.toLocaleString()
    time.textContent = at.toDateString() === today ? clock : `${day}, ${clock}`
  }
}
