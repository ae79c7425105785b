/** What somebody is told of in a place: every message, those that are meant for them, or nothing. */
export type Level = "everything" | "mentions" | "nothing"

/** What somebody chose for a place; `null` in a field: as the place around it. */
export interface LevelChoice {
  level: Level | null
  mutedUntil: Date | null
  isEveryoneSuppressed: boolean | null
  areRolesSuppressed: boolean | null
}

/** What applies in a place, with all that is inherited. */
export interface Levels {
  level: Level
  isMuted: boolean
  isEveryoneSuppressed: boolean
  areRolesSuppressed: boolean
}

/** Where a message is: its channel, and what is around it. */
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

/** Stands for the whole account among the ids of places. */
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

/**
 * What applies in a place: of each choice the nearest one, but a mute of any place around it mutes it. The level of the
 * account is one for servers: a conversation tells everything, unless something else is chosen for it.
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

/** Why somebody is told of a message: the first of these that holds. */
export const noticeReasons = ["mention", "reply", "keyword", "thread", "role", "everyone", "message"] as const
export type NoticeReason = (typeof noticeReasons)[number]

/** Whether these levels let somebody be told of a message at all. A mute leaves what is meant for them. */
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
