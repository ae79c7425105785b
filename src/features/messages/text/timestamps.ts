import { type TimeStyle, utc } from "../../../web/clock.ts"
import type { Inline } from "./tree.ts"

/** Source: Discord API docs, Message Formatting, Timestamps. */
const timestamp = /<t:(-?\d{1,12})(?::([tTdDfFR]))?>/y

/** Years of four digits: of others nobody writes, and not every clock knows them. */
const [first, last] = [Date.UTC(1000), Date.UTC(10_000)]

/** The time that is written at `start`, in seconds of Unix, and where that ends. */
export function timeAt(text: string, start: number) {
  timestamp.lastIndex = start
  const [whole, seconds, style = "f"] = timestamp.exec(text) ?? []
  const at = new Date(Number(seconds) * 1000)
  if (whole === undefined || !(at.getTime() >= first && at.getTime() < last)) return undefined

  const written = utc.styled(at, style as TimeStyle)
  const node: Inline = { kind: "time", at, style: style as TimeStyle, text: written }
  return { node, end: start + whole.length }
}
