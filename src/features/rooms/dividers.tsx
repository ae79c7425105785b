import { type Localization, localize } from "../../../views/localize.ts"
import { NewDivider } from "../../../views/reading.tsx"
import { DayLine } from "../../../views/times.tsx"
import type { GrowingPage } from "../../web/live/update.ts"
import type { Message } from "../messages/contract.ts"

interface Dividers extends Pick<GrowingPage, "dayBefore"> {
  /** How many messages of the channel the viewer had read; `undefined` when all. */
  readCount?: number
}

/**
 * Renders messages with dividers: the day before its first message, and "New" before the first unread message.
 * Dividers belong to the page and not to the message, whose markup is the same bytes for all viewers.
 */
export function withDividers(
  messages: Message[],
  dividers: Dividers,
  render: (message: Message) => string,
): string {
  return partsWithDividers(messages, dividers, render).join("")
}

const newDivider = String(<NewDivider />)

/** Like `withDividers`, but returns the parts, for messages that are rendered as text or bytes. */
export function partsWithDividers<Rendered>(
  messages: Message[],
  { readCount, dayBefore }: Dividers,
  render: (message: Message) => Rendered,
): (string | Rendered)[] {
  return messages.flatMap((message) => {
    const isFirstUnread = message.ordinal - 1 === readCount
    return [dayBefore(message.createdAt) + (isFirstUnread ? newDivider : ""), render(message)]
  })
}

/** A page without messages, in the viewer's time zone. */
export function emptyPage(viewer: Localization): GrowingPage {
  const { clock } = viewer
  let lastDay: number | undefined
  return {
    localize: (markup) => localize(markup, viewer),
    dayBefore(at) {
      const day = clock.dayNumber(at)
      if (day === lastDay) return ""

      lastDay = day
      return String(<DayLine day={clock.day(at)} clock={clock} />)
    },
  }
}
