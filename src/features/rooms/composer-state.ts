import type { ComposerStateProps } from "../../../views/composer-state.tsx"
import { inWords, isExempt, slowModeOf } from "../moderation/slow-mode.ts"
import { can, denialOf } from "../permissions/can.ts"
import { holdAddress, holdMessage } from "../permissions/hold.ts"
import type { ChannelAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import type { SignedInViewer } from "../visit.ts"

type Place = Pick<ChannelAccess, "channel" | "standing">

/** What the composer of a room says to a viewer before they write. */
export async function composerState(
  { memberships }: Services,
  { viewer, channel, standing }: Place & { viewer: SignedInViewer },
): Promise<ComposerStateProps> {
  const { hold, timedOutUntil } = standing
  const denial = hold ? null : denialOf(standing, "send")
  return {
    clock: viewer.clock,
    // What a hold asks for has a note of its own.
    hold: hold ? { text: holdMessage(hold), href: holdAddress(hold) } : undefined,
    closed: denial ? { text: denial.message, until: timedOutUntil } : undefined,
    notice: await slowModeNotice(memberships, { channel, standing }),
  }
}

/** What makes a member of a server wait in a channel where they may write. */
export async function slowModeNotice(
  memberships: Services["memberships"],
  { channel, standing }: Place,
): Promise<string | undefined> {
  if (standing.kind !== "server" || !can(standing, "send") || isExempt(standing)) return undefined

  const place = await memberships.place(channel.id)
  const seconds = place ? slowModeOf(place) : 0
  return seconds === 0 ? undefined : `Slow mode is on: wait ${inWords(seconds)} between two messages`
}
