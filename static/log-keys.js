import { find, findAll } from "./elements.js"
import { isTyping } from "./input-events.js"

/** Keys that move the focus between the messages of the log; `RovingFocus` makes the focused one its stop for Tab. */
export function listenToLogKeys() {
  document.addEventListener("keydown", (event) => {
    const { target, key, ctrlKey, metaKey, altKey, shiftKey } = event
    if (ctrlKey || metaKey || altKey || shiftKey || event.defaultPrevented || isTyping(event)) return
    const log = find(document, "#log")
    if (!(log && target instanceof Node && log.contains(target))) return

    if (move(key, log, target)) event.preventDefault()
  })
}

/**
 * `false` if the key moves nothing.
 * @param {string} key
 * @param {HTMLElement} log
 * @param {Node} from
 */
function move(key, log, from) {
  const messages = findAll(log, "#messages > .message")
  const current = messages.findIndex((message) => message.contains(from))
  const next = indexAfter(key, { log, messages, index: current < 0 ? messages.length : current })
  if (next === undefined) return false

  const target = messages[Math.min(Math.max(next, 0), messages.length - 1)]
  target?.focus({ preventScroll: true })
  target?.scrollIntoView({ block: "nearest" })
  // Scrolled to either end, the log loads more.
  if (next <= 0) log.scrollTop = 0
  if (next >= messages.length - 1) log.scrollTop = log.scrollHeight
  return true
}

/**
 * @typedef {object} LogPosition
 * @property {HTMLElement} log
 * @property {HTMLElement[]} messages
 * @property {number} index of the message that has the focus; their number if none has it
 */

/**
 * @param {string} key
 * @param {LogPosition} position
 */
function indexAfter(key, position) {
  const { messages, index } = position
  switch (key) {
    case "ArrowUp":
      return index - 1
    case "ArrowDown":
      return index + 1
    case "PageUp":
      return pageFrom(position, -1)
    case "PageDown":
      return pageFrom(position, 1)
    case "Home":
      return 0
    case "End":
      return messages.length - 1
    default:
      return undefined
  }
}

/**
 * The message about one height of the log away.
 * @param {LogPosition} position
 * @param {1 | -1} step
 */
function pageFrom({ log, messages, index }, step) {
  const from = messages[index]?.offsetTop ?? log.scrollHeight
  let next = index + step
  for (;;) {
    const further = messages[next + step]
    if (!further || Math.abs(further.offsetTop - from) >= log.clientHeight) return next
    next += step
  }
}
