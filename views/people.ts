/** A user with the names that others see. */
export interface Named {
  /** What they sign in with, and are mentioned by. */
  username: string
  /** The name that they chose; `null` for none. */
  displayName?: string | null
  /** What they are called in the server that this is about; `null` for nothing else. */
  nickname?: string | null
}

/** The name that others see. */
export function shownName({ username, displayName, nickname }: Named): string {
  return nickname || displayName || username
}

/** Animated pictures have versions that begin so: the address says which they are. */
export const animatedPrefix = "a_"

/** Is this the address of a picture that has an animated form? */
export function isAnimatedPath(path: string): boolean {
  return path.includes(`/avatar/${animatedPrefix}`)
}

/** A message, as far as it says who is called what. */
export interface NamingMessage extends Partial<Named> {
  userId?: string
  /** By user id. */
  names?: Record<string, string> | null
  extras?: { bot?: object } | null
}

/** The name of somebody whom a message mentions or quotes, as it is now; by the username, if nothing else is known. */
export function nameIn(
  message: NamingMessage,
  { userId, username }: { userId?: string; username?: string },
): string | undefined {
  const { username: author } = message
  if (author !== undefined && userId === message.userId && !message.extras?.bot)
    return shownName({ ...message, username: author })
  return (userId === undefined ? undefined : message.names?.[userId]) ?? username
}

/** The path of the card of a user, as somebody in a server sees it. */
export function cardPath(userId: string, serverId?: string): string {
  const path = `/users/${encodeURIComponent(userId)}`
  return serverId === undefined ? path : `${path}?server=${encodeURIComponent(serverId)}`
}
