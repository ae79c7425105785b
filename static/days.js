import { create, find, get } from "./elements.js"

/**
 * Puts a line with the name of the day before the first message of each day, as `views/times.tsx` does, and removes lines
 * that no longer precede one.
 * @param {HTMLElement} messages
 * @param {(at: Date) => string} dayOf
 */
export function markDays(messages, dayOf) {
  let day = ""
  /** @type {Element | null} */
  let line = null
  for (const child of [...messages.children]) {
    if (child.matches(".day")) {
      line?.remove()
      line = child
    } else if (child.matches(".message")) {
      const own = dayOf(new Date(get(child, "time", HTMLTimeElement).dateTime))
      if (own === day) {
        line?.remove()
      } else if (!line || find(line, "time", HTMLTimeElement)?.dateTime !== own) {
        line?.remove()
        firstOfDay(child).before(lineFor(own))
      }
      line = null
      day = own
    }
  }
  line?.remove()
}

/**
 * The divider of unread messages stands between the line of a day and its message.
 * @param {Element} message
 */
function firstOfDay(message) {
  const before = message.previousElementSibling
  return before?.matches(".new-divider") ? before : message
}

/** @param {string} day */
function lineFor(day) {
  const line = create("p", { className: "day" })
  line.append(create("time", { dateTime: day }))
  return line
}
