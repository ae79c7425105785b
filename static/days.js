/** The lines between the days in the log, as `views/times.tsx` writes them: they follow what stands in it. */

import { dayOf } from "./times.js"

/** Puts the name of each day before what was said first on it, and takes away those that name nothing any more. */
export function markDays(messages) {
  let day
  let line
  for (const child of [...messages.children]) {
    if (child.matches(".day")) {
      line?.remove()
      line = child
    } else if (child.matches(".message")) {
      const its = dayOf(new Date(child.querySelector("time").dateTime))
      if (its === day) line?.remove()
      else if (line?.firstElementChild.dateTime !== its) {
        line?.remove()
        beginningOf(child).before(lineFor(its))
      }
      line = undefined
      day = its
    }
  }
  line?.remove()
}

/** Where both begin, the mark before what is new stands between the day and the message. */
function beginningOf(message) {
  const before = message.previousElementSibling
  return before?.matches(".new-divider") ? before : message
}

function lineFor(day) {
  const line = Object.assign(document.createElement("p"), { className: "day" })
  line.append(Object.assign(document.createElement("time"), { dateTime: day }))
  return line
}
