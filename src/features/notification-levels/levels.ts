/** A notification level: all messages, mentions and replies, or nothing. */
export type Level = "everything" | "mentions" | "nothing"

/** A user's choices for a place; `null` in a field: inherited. */
export interface LevelChoice {
  level: Level | null
  mutedUntil: Date | null
  isEveryoneSuppressed: boolean | null
  areRolesSuppressed: boolean | null
}

/** The effective levels of a place, with inherited ones. */
export interface Levels {
  level: Level
  isMuted: boolean
  isEveryoneSuppressed: boolean
  areRolesSuppressed: boolean
}

/** The place of a message: its channel, and the places that contain it. */
export interface NotifiedPlace {
  /** The channel of the message, which may be a thread. */
  channelId: string
  /** Of a thread: the channel that it is in. */
  rootId: string | null
  /** Of the channel, or of the channel that a thread is in. */
  categoryId: string | null
  serverId: string
  isConversation: boolean
}

/** In no place: what applies there is what the account says. */
export const nowhere: NotifiedPlace = {
  channelId: "",
  rootId: null,
  categoryId: null,
  serverId: "",
  isConversation: false,
}

/** The id of the whole account among the ids of places. */
export const account = "account"

/** A mute without an end ends here: the last time that a `Date` can be. */
export const forever = new Date(8_640_000_000_000_000)

/** The ids of the places whose choices apply, the nearest first. */
export function placesAround({
  channelId,
  rootId,
  categoryId,
  serverId,
  isConversation,
}: NotifiedPlace): string[] {
  const inServer = isConversation ? [] : [categoryId, serverId]
  return [channelId, rootId, ...inServer, account].filter((id) => id !== null)
}

/** The effective levels of a place: the nearest choice of each kind; a mute of any containing place mutes it. The level of the
 * account is one for servers: a conversation notifies of everything, unless another level is chosen for it.
 */
export function levelsIn(
  place: NotifiedPlace,
  choiceOf: (placeId: string) => LevelChoice | undefined,
  now: Date,
): Levels {
  const choices = placesAround(place).flatMap((id) => {
    const choice = choiceOf(id)
    return choice ? [{ id, ...choice }] : []
  })
  const levels = place.isConversation ? choices.filter(({ id }) => id !== account) : choices
  const nearest = <Key extends "level" | "isEveryoneSuppressed" | "areRolesSuppressed">(
    key: Key,
    among: (LevelChoice & { id: string })[],
  ) => among.find((choice) => choice[key] !== null)?.[key]
  return {
    level: nearest("level", levels) ?? (place.isConversation ? "everything" : "mentions"),
    isMuted: choices.some(({ mutedUntil }) => mutedUntil !== null && mutedUntil > now),
    isEveryoneSuppressed: nearest("isEveryoneSuppressed", choices) ?? false,
    areRolesSuppressed: nearest("areRolesSuppressed", choices) ?? false,
  }
}

/** The reason of a notification: the first that applies. */
export const noticeReasons = ["mention", "reply", "keyword", "thread", "role", "everyone", "message"] as const
export type NoticeReason = (typeof noticeReasons)[number]

/** Do these levels allow a notification of a message at all? A mute still allows mentions. */
export function isToldOf(
  reason: NoticeReason,
  { level, isMuted, isEveryoneSuppressed, areRolesSuppressed }: Levels,
): boolean {
  if (level === "nothing") return false
  if (reason === "message") return level === "everything" && !isMuted
  if (reason === "thread") return !isMuted
  if (reason === "everyone") return !isEveryoneSuppressed
  return reason !== "role" || !areRolesSuppressed
}
