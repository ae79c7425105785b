import { type TimeStyle, utc } from "../../../web/clock.ts"
import type { Inline } from "./tree.ts"

/** Source: Discord API docs, Message Formatting, Timestamps. */
const timestamp = /<t:(-?\d{1,12})(?::([tTdDfFR]))?>/y

/** Years of four digits: not every browser's date functions support others. */
const [firstMs, endMs] = [Date.UTC(1000), Date.UTC(10_000)]

/** The timestamp (Unix time in seconds) that begins at `start`, and where it ends. */
export function timeAt(text: string, start: number) {
  timestamp.lastIndex = start
  const [whole, seconds, style = "f"] = timestamp.exec(text) ?? []
  const at = new Date(Number(seconds) * 1000)
  if (whole === undefined || !(at.getTime() >= firstMs && at.getTime() < endMs)) return undefined

  const inUtc = utc.styled(at, style as TimeStyle)
  const node: Inline = { kind: "time", at, style: style as TimeStyle, text: inUtc }
  return { node, end: start + whole.length }
}
