import { create, find, get } from "./elements.js"

/** @import { LocalTimes } from "./times.js" */

/**
 * Puts a line with the name of the day before the first message of each day, as `views/times.tsx` does, and removes lines
 * that no longer precede one.
 * @param {Element[]} children of the log, one after another
 * @param {LocalTimes} times
 */
export function markDays(children, times) {
  const before = children[0]?.previousElementSibling
  let day = before?.matches(".message") ? times.dayOf(timeOf(before)) : ""
  /** @type {Element | null} */
  let line = null
  for (const child of children) {
    if (child.matches(".day")) {
      line?.remove()
      line = child
    } else if (child.matches(".message")) {
      const own = times.dayOf(timeOf(child))
      if (own === day) {
        line?.remove()
      } else if (!line || find(line, "time", HTMLTimeElement)?.dateTime !== own) {
        line?.remove()
        const added = lineFor(own)
        firstOfDay(child).before(added)
        times.localize(added)
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

/** @param {Element} message */
function timeOf(message) {
  return new Date(get(message, "time", HTMLTimeElement).dateTime)
}

/** @param {string} day */
function lineFor(day) {
  const line = create("p", { className: "day" })
  line.append(create("time", { dateTime: day }))
  return line
}
