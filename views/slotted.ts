/** Markup with one slot: what is cached or streamed apart goes between the two. */
export interface Slotted {
  before: string
  after: string
}

/** An element with a slot at its end, after what it already contains. */
export function slotted(element: JSX.Element): Slotted {
  const markup = String(element)
  const end = markup.lastIndexOf("</")
  return { before: markup.slice(0, end), after: markup.slice(end) }
}
