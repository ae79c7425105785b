import { type Named, shownName } from "./people.ts"

export type PresenceStatus = "online" | "idle" | "doNotDisturb" | "offline"

/** A status in words. */
export const statusNames: Record<PresenceStatus, string> = {
  online: "online",
  idle: "idle",
  doNotDisturb: "do not disturb",
  offline: "offline",
}

/** Who is writing. It names the reader too: their style sheet hides that. */
export function TypingLine({ typists }: { typists: (Named & { userId: string })[] }) {
  if (typists.length > 3) return <span class="typist">Several people are typing…</span>

  return (
    <>
      {typists.map(({ userId, ...names }) => (
        <span class="typist" data-author={userId}>
          <bdi safe>{shownName(names)}</bdi> is typing…
        </span>
      ))}
    </>
  )
}

/** Whether someone is here; also sent live, to take the place of the one with its id. */
export function PresenceDot({ userId, status }: { userId: string; status: PresenceStatus }) {
  return (
    <span id={`presence-${userId}`} class="presence" data-status={status} safe>
      {statusNames[status]}
    </span>
  )
}
