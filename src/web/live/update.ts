/** A page without script, to which updates are appended. */
export interface GrowingPage {
  /** Adapts markup that is the same for everyone to the page's viewer. */
  localize(markup: string): string
  /** A divider with the name of the day, where something of that time is the first of its day on the page. */
  dayBefore(at: Date): string
}

/** The tags around a fragment that say where it goes. Compared by identity: one object for each place. */
export interface Wrapper {
  open: string
  close: string
}

/** One update of a page, in the shapes its transports speak. */
export interface Update {
  /** Its number in the log; `null` for ephemeral updates: presence, typing. */
  seq: number | null
  /** Its place on the page: a page that can only grow must get updates in this order. */
  position: number
  /** For htmx: the same bytes over WebSocket and as the data of an SSE event. Or an object in JSON, for a script. */
  fragment: string
  wrapper?: Wrapper
  /** What to append to a page without script; nothing where it is of no use there. */
  stream?: (page: GrowingPage) => string
  /** Where it is about several messages: those that are newer than a change, each by itself. */
  partsAfter?: (seq: number) => Update[]
  /** For programs that read line by line: one line for each, in this order. */
  entries?: unknown[]
}

/** An update that is not stored in the log: a reader that misses it gets the next `snapshot`. */
export function ephemeralUpdate(fragment: string): Update {
  return { seq: null, position: 0, fragment }
}

/** Longest frame of missed updates, in UTF-16 code units. */
const maxFrameLength = 64 * 1024

/**
 * As texts of WebSocket frames, none much longer than `maxFrameLength`: a slow reader that is cut off in the middle
 * has made progress, and does not start again at the same place forever.
 */
export function toFrames(updates: Update[]): string[] {
  const frames: string[] = []
  // Whether the last frame takes more is kept apart: looking into a string that grows by pieces would copy it each time.
  let grows = false
  for (const update of updates) {
    const text = toFrame([update])
    const isAlone = isData(update)
    const last = frames.length - 1
    if (grows && !isAlone && (frames[last]?.length ?? 0) < maxFrameLength) frames[last] += text
    else frames.push(text)
    grows = !isAlone
  }
  return frames
}

/** Is it JSON? A frame holds that or HTML, never both. */
function isData({ fragment }: Update): boolean {
  return fragment.startsWith("{")
}

/** As text of a WebSocket frame: neighbours with the same wrapper share it. */
export function toFrame(updates: Update[]): string {
  let text = ""
  let open: Wrapper | undefined
  for (const { fragment, wrapper } of updates) {
    if (wrapper !== open) text += `${open?.close ?? ""}${wrapper?.open ?? ""}`
    text += fragment
    open = wrapper
  }
  return text + (open?.close ?? "")
}

/** As `text/event-stream`, in the order of the log. Neighbours with the same wrapper are one event. */
export function toEvents(updates: Update[]): string {
  const events: Update[][] = []
  let length = 0
  for (const update of updates) {
    const last = events.at(-1)
    const isNeighbour = update.wrapper && update.wrapper === last?.[0]?.wrapper && length < maxFrameLength
    if (!isNeighbour) length = 0
    if (last && isNeighbour) last.push(update)
    else events.push([update])
    length += update.fragment.length
  }
  return events.map(toEvent).join("")
}

/** As HTML to append to a page, in the order of reading. */
export function toStream(updates: Update[], page: GrowingPage): string {
  const inOrder = updates.toSorted((a, b) => a.position - b.position)
  return inOrder.map(({ stream }) => stream?.(page) ?? "").join("")
}

/** Each line of the data on its own (WHATWG HTML, 9.2.6); the id is that of the last update. */
function toEvent(updates: Update[]): string {
  const seq = updates.at(-1)?.seq ?? null
  const id = seq === null ? "" : `id: ${seq}\n`
  return `${id}data: ${toFrame(updates).replaceAll("\n", "\ndata: ")}\n\n`
}
