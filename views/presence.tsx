export type PresenceStatus = "online" | "idle" | "offline"

/** Who is writing. It names the reader too: their style sheet hides that. */
export function TypingLine({ typists }: { typists: { userId: string; username: string }[] }) {
  if (typists.length > 3) return <span class="typist">Several people are typing…</span>

  return (
    <>
      {typists.map(({ userId, username }) => (
        <span class="typist" data-author={userId}>
          <bdi safe>{username}</bdi> is typing…
        </span>
      ))}
    </>
  )
}

/** Whether someone is here; also sent live, to take the place of the one with its id. */
export function PresenceDot({ userId, status }: { userId: string; status: PresenceStatus }) {
  return (
    <span id={`presence-${userId}`} class="presence" data-status={status}>
      <span class="visually-hidden">{status}</span>
    </span>
  )
}
