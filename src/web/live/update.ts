/** A page that has no script, as it grows. */
export interface GrowingPage {
  /** Markup that is the same for everyone, as its reader wants it. */
  fit(markup: string): string
  /** What stands before something said then, put at the end: the name of its day, where that has just begun. */
  dayBefore(at: Date): string
}

/** The tags around a fragment that say where it goes. The same object for all that go there alike. */
export interface Wrapper {
  open: string
  close: string
}

/** One thing that readers of a page are told, in the shapes its transports speak. */
export interface Update {
  /** Its number in the log; `null` for what is not kept: presence, typing. */
  seq: number | null
  /** Where it stands on the page: the order in which a page that can only grow must get it. */
  position: number
  /** For htmx: the same bytes over WebSocket and as the data of an SSE event. Or an object in JSON, for a script. */
  fragment: string
  wrapper?: Wrapper
  /** What to append to a page that has no script; nothing where it is of no use there. */
  stream?: (page: GrowingPage) => string
  /** What is told to programs that read line by line: one line each, in this order. None: nothing. */
  entries?: unknown[]
}

/** So much text, in UTF-16 code units, goes into one frame of what was missed. */
const frameLength = 64 * 1024

/**
 * As texts of WebSocket frames, none much larger than a few updates: whoever is cut off in the middle for reading
 * slowly has got on, and does not start again at the same place for ever.
 */
export function toFrames(updates: Update[]): string[] {
  const frames: string[] = []
  // Asking the frame itself what it is would copy it each time, since it grows by pieces.
  let grows = false
  for (const update of updates) {
    const text = toFrame([update])
    const isAlone = isData(update)
    const last = frames.length - 1
    if (grows && !isAlone && (frames[last]?.length ?? 0) < frameLength) frames[last] += text
    else frames.push(text)
    grows = !isAlone
  }
  return frames
}

/** What is no HTML cannot stand in a frame with it. */
function isData({ fragment }: Update): boolean {
  return fragment.startsWith("{")
}

/** As text of a WebSocket frame: neighbours that are put into the page alike share what puts them there. */
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

/** As `text/event-stream`, each line of the data on its own (WHATWG HTML, 9.2.6), in the order of the log. */
export function toEvents(updates: Update[]): string {
  return updates.map(toEvent).join("")
}

/** As HTML to append to a page, in the order of reading. */
export function toStream(updates: Update[], page: GrowingPage): string {
  const inOrder = updates.toSorted((a, b) => a.position - b.position)
  return inOrder.map(({ stream }) => stream?.(page) ?? "").join("")
}

function toEvent(update: Update): string {
  const id = update.seq === null ? "" : `id: ${update.seq}\n`
  return `${id}data: ${toFrame([update]).replaceAll("\n", "\ndata: ")}\n\n`
}
