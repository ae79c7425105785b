import type { Clock } from "../src/web/clock.ts"
import { Time } from "./times.tsx"

export interface HoldNoteProps {
  text: string
  /** Where it ends; not given where only time does. */
  href?: string
}

export interface ComposerStateProps {
  /** Why the viewer cannot write here yet. */
  hold?: HoldNoteProps
  /** Why nothing can be written: a sentence, and when that ends by itself. */
  closed?: { text: string; until?: Date }
  /** What limits writing here. */
  notice?: string
  clock: Clock
}

/** Says before writing what will be refused. Replaced on open pages; `static/composer-state.js` closes the composer by it. */
export function ComposerState(props: ComposerStateProps) {
  return (
    <div id="composer-state" role="status">
      <ComposerNotes {...props} />
    </div>
  )
}

/** What `ComposerState` contains. */
export function ComposerNotes({ hold, closed, notice, clock }: ComposerStateProps) {
  return (
    <>
      <HoldNote hold={hold} />
      {closed !== undefined && (
        <p id="composer-closed" class="hold">
          <span safe>{closed.text}</span>
          {closed.until !== undefined && (
            <>
              . Ends <Time at={closed.until} clock={clock} />{" "}
              <span class="countdown" aria-hidden="true" data-until={closed.until.toISOString()} />
            </>
          )}
        </p>
      )}
      {notice !== undefined && (
        <p id="composer-notice" class="hint" safe>
          {notice}
        </p>
      )}
    </>
  )
}

function HoldNote({ hold }: Pick<ComposerStateProps, "hold">) {
  if (!hold) return ""

  return (
    <p class="hold">
      {hold.href ? (
        <a href={hold.href} target="_top">
          Read and accept the rules
        </a>
      ) : (
        <span safe>{hold.text}</span>
      )}
      {hold.href !== undefined && " to write in this server"}
    </p>
  )
}
