/** What is unread somewhere: messages, and those of them that are meant for the viewer. */
export interface Count {
  unread?: number
  mentions?: number
}

/** More than this is not told apart. */
const maxShown = 99

/**
 * How much is unread behind a link. It is there also when nothing is: `static/reading.js` keeps it, in the same words,
 * so a page that is open shows what a fresh one would.
 */
export function Tally({ unread = 0, mentions = 0 }: Count) {
  return (
    <span class={mentions > 0 ? "tally mentions" : "tally"} hidden={unread === 0}>
      <span aria-hidden="true" safe>
        {short(mentions || unread)}
      </span>
      <span class="visually-hidden" safe>
        {phrase({ unread, mentions })}
      </span>
    </span>
  )
}

/** What stands before a title where something is unread elsewhere: how much is meant for the viewer, or a dot. */
export function titleMark(counts: Count[]): string {
  const sum = (name: keyof Count) => counts.reduce((total, count) => total + (count[name] ?? 0), 0)
  const mentions = sum("mentions")
  return mentions > 0 ? `(${short(mentions)}) ` : sum("unread") > 0 ? "• " : ""
}

function short(count: number): string {
  return count > maxShown ? `${maxShown}+` : String(count)
}

function phrase({ unread = 0, mentions = 0 }: Count): string {
  if (unread === 0) return ""

  return `(${short(unread)} unread${mentions > 0 ? `, ${short(mentions)} for you` : ""})`
}
