import { fitted } from "../../../views/fitted.ts"
import { NewDivider } from "../../../views/reading.tsx"
import { DayLine } from "../../../views/times.tsx"
import type { GrowingPage } from "../../web/live/update.ts"
import type { Message } from "../messages/contract.ts"
import type { Reader } from "../visit.ts"

interface Marks extends Pick<GrowingPage, "dayBefore"> {
  /** How many messages its reader had read, where that is not all. */
  read?: number
}

/**
 * A page of messages as HTML, with what stands between them: before the first of a day what that is called, and the
 * mark before the first that its reader has not read. It belongs to the page and not to a message: the articles are
 * the same bytes for everyone.
 */
export function withMarks(messages: Message[], marks: Marks, render: (message: Message) => string): string {
  return betweenMarks(messages, marks, render).join("")
}

/** The same in parts, whatever it is that messages are rendered as. */
export function betweenMarks<Article>(
  messages: Message[],
  { read, dayBefore }: Marks,
  render: (message: Message) => Article,
): (string | Article)[] {
  const divider = String(<NewDivider />)
  return messages.flatMap((message) => {
    const mark = message.ordinal - 1 === read ? divider : ""
    return [dayBefore(message.createdAt) + mark, render(message)]
  })
}

/** A page with nothing in it yet. */
export function emptyPage(viewer: Reader): GrowingPage {
  const { clock } = viewer
  let last: number | undefined
  return {
    fit: (markup) => fitted(markup, viewer),
    dayBefore(at) {
      const number = clock.dayNumber(at)
      if (number === last) return ""

      last = number
      return String(<DayLine day={clock.day(at)} clock={clock} />)
    },
  }
}
