import { closest, find, findAll } from "./elements.js"
import { isComposing } from "./input-events.js"

/**
 * The emoji picker by keyboard: Down from the search field to what was found, arrow keys within it, and Enter in the field
 * chooses the first.
 */
export class EmojiPicker {
  constructor() {
    document.addEventListener("keydown", (event) => {
      if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return

      const search = closest(event, ".emoji-search input")
      if (search) fromSearch(event, /** @type {HTMLInputElement} */ (search))
      else if (closest(event, ".emoji-found")) withinGrid(event)
    })
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} search
 */
function fromSearch(event, search) {
  const first = find(document, search.value ? "#emoji-found button" : ".emoji-found button")
  if (event.key === "ArrowDown") first?.focus()
  else if (event.key === "Enter") first?.click()
  else return

  event.preventDefault()
}

/** @param {KeyboardEvent} event */
function withinGrid(event) {
  const buttons = findAll(document, ".emoji-choice button").filter((button) => button.checkVisibility())
  const index = buttons.indexOf(/** @type {HTMLElement} */ (event.target))
  const button = buttons[index]
  if (!button) return

  /** @type {Record<string, () => HTMLElement | null | undefined>} */
  const moves = {
    ArrowRight: () => buttons[index + 1],
    ArrowLeft: () => buttons[index - 1],
    ArrowDown: () => inNextRow(buttons, button, 1),
    ArrowUp: () => inNextRow(buttons, button, -1) ?? find(document, ".emoji-search input"),
    Home: () => buttons[0],
    End: () => buttons.at(-1),
  }
  const move = moves[event.key]
  if (!move) return

  event.preventDefault()
  move()?.focus()
}

/**
 * The nearest button in the row below or above. Rows follow from the layout, which wraps.
 * @param {HTMLElement[]} buttons
 * @param {HTMLElement} from
 * @param {1 | -1} step
 */
function inNextRow(buttons, from, step) {
  const { left, top } = from.getBoundingClientRect()
  const others = buttons
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - top) * step > 4)
  const tops = others.map(({ box }) => box.top)
  const row = step > 0 ? Math.min(...tops) : Math.max(...tops)
  return others
    .filter(({ box }) => Math.abs(box.top - row) < 4)
    .sort((a, b) => Math.abs(a.box.left - left) - Math.abs(b.box.left - left))[0]?.button
}
