/** Emoji by keyboard: from the search down to what was found, about it by arrow keys, Enter for the first. */

const isTyping = (event) => event.isComposing || event.keyCode === 229

export function startPicker() {
  document.addEventListener("keydown", (event) => {
    const grid = event.target.closest?.(".emoji-found")
    const search = event.target.closest?.(".emoji-search input")
    if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return

    if (search) fromSearch(event, search)
    else if (grid) within(event)
  })
}

function fromSearch(event, search) {
  const first = document.querySelector(search.value ? "#emoji-found button" : ".emoji-found button")
  if (event.key === "ArrowDown") first?.focus()
  else if (event.key === "Enter") first?.click()
  else return

  event.preventDefault()
}

function within(event) {
  const buttons = [...document.querySelectorAll(".emoji-choice button")].filter((one) =>
    one.checkVisibility(),
  )
  const at = buttons.indexOf(event.target)
  const next = {
    ArrowRight: () => buttons[at + 1],
    ArrowLeft: () => buttons[at - 1],
    ArrowDown: () => below(buttons, at, 1),
    ArrowUp: () => below(buttons, at, -1) ?? document.querySelector(".emoji-search input"),
    Home: () => buttons[0],
    End: () => buttons.at(-1),
  }[event.key]
  if (!next || at < 0) return

  event.preventDefault()
  next()?.focus()
}

/** The nearest button in the next line. */
function below(buttons, at, step) {
  const { left, top } = buttons[at].getBoundingClientRect()
  const others = buttons
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - top) * step > 4)
  const line =
    step > 0 ? Math.min(...others.map(({ box }) => box.top)) : Math.max(...others.map(({ box }) => box.top))
  return others
    .filter(({ box }) => Math.abs(box.top - line) < 4)
    .sort((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.button
}
