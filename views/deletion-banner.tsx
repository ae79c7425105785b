import type { Clock } from "../src/web/clock.ts"
import { Time } from "./times.tsx"

/** Cancelling the deletion. */
export function CancelDeletion() {
  return (
    <form method="post" action="/account/delete/cancel">
      <button type="submit">Keep my account</button>
    </form>
  )
}

/** On every page of someone whose account will be deleted. */
export function DeletionBanner({ dueAt, clock }: { dueAt: Date; clock: Clock }) {
  return (
    <aside class="deletion-banner" aria-label="Account deletion">
      <p>
        Your account will be deleted on <Time at={dueAt} clock={clock} />.
      </p>
      <CancelDeletion />
    </aside>
  )
}
