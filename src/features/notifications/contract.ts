import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { isZone } from "../../web/clocks.ts"
import { foldKeyword, maxKeywordWords } from "../keywords/words.ts"

/** Most keywords of one person, and the longest one. */
export const maxKeywords = 50
export const maxKeywordLength = 50
/** How long a place can be muted, in minutes; else until it is turned on again. Source: Discord. */
export const muteMinutes = [15, 60, 480, 1440] as const

/** A server, category or channel (a thread or conversation too, by the id of its channel); without any, the account. */
const AnyPlace = z.object({
  serverId: z.string().optional(),
  categoryId: z.string().optional(),
  channelId: z.string().optional(),
})
export type PlaceInput = z.infer<typeof AnyPlace>

const isOnePlace = (place: PlaceInput) =>
  [place.serverId, place.categoryId, place.channelId].filter((id) => id !== undefined).length <= 1
const onePlace = "Name a server, a category or a channel, or nothing for the account"

const Level = z.enum(["everything", "mentions", "nothing"])

/** `null`: as the place around it; for the account, as usual. */
const Chosen = z.object({
  level: Level.nullable(),
  isEveryoneSuppressed: z.boolean().nullable(),
  areRolesSuppressed: z.boolean().nullable(),
})

const Levels = z.object({
  level: Level,
  isMuted: z.boolean(),
  isEveryoneSuppressed: z.boolean(),
  areRolesSuppressed: z.boolean(),
})

export const PlaceLevels = z.object({
  place: z.enum(["account", "server", "category", "channel", "thread"]),
  name: z.string(),
  /** The viewer's choices here. */
  chosen: Chosen,
  /** The end of a mute of this place itself; `null`: it is not muted. */
  mutedUntil: z.date().nullable(),
  /** The mute ends only when it is turned off. */
  isMutedForGood: z.boolean(),
  /** The inherited levels without it. */
  inherited: Levels,
  /** The effective levels. */
  effective: Levels,
  /** The kind of the place around it; `null`: there is none. */
  around: z.enum(["account", "server", "category", "channel"]).nullable(),
})
export type PlaceLevels = z.infer<typeof PlaceLevels>

/** A time of the day: `22:30`. */
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Enter a time such as 22:30")

const Keyword = z
  .string()
  .max(maxKeywordLength, `A keyword has at most ${maxKeywordLength} characters`)
  .overwrite(foldKeyword)
  .refine((word) => word !== "", "A keyword needs letters or digits")
  .refine(
    (word) => word.split(" ").length <= maxKeywordWords,
    `A keyword has at most ${maxKeywordWords} words`,
  )

export const NotificationSettings = z.object({
  /** When nothing shows up; both `null`: there are no quiet hours. The end may be before the start. */
  quietFrom: TimeOfDay.nullable(),
  quietUntil: TimeOfDay.nullable(),
  /** The zone of the quiet hours: that of the settings, else that of the browser that set them. */
  timeZone: z.string(),
  /** Words that notify as a mention does, in the form in which they are compared. */
  keywords: z.array(z.string()),
})
export type NotificationSettings = z.infer<typeof NotificationSettings>

export const notificationsContract = {
  /** Returns the viewer's notification levels in a place, chosen and effective. Fails: 401, 403, 404, 400 (more than one place). */
  getNotificationLevels: query({ input: AnyPlace.refine(isOnePlace, onePlace), output: PlaceLevels }),
  /** Changes the viewer's notification levels; missing fields stay. Fails: 401, 403, 404, 400. */
  setNotificationLevels: mutation({
    input: AnyPlace.extend(Chosen.partial().shape).refine(isOnePlace, onePlace),
    output: PlaceLevels,
  }),
  /** Mutes a place for some minutes, or until it is unmuted. Fails: 401, 403, 404, 400. */
  muteNotifications: mutation({
    input: AnyPlace.extend({ minutes: z.literal(muteMinutes).nullable() }).refine(isOnePlace, onePlace),
    output: PlaceLevels,
  }),
  /** Ends the mute of a place. Fails: 401, 403, 404, 400. */
  unmuteNotifications: mutation({ input: AnyPlace.refine(isOnePlace, onePlace), output: PlaceLevels }),
  /** The viewer's quiet hours and keywords. Fails: 401. */
  getNotificationSettings: query({ input: z.null(), output: NotificationSettings }),
  /** Changes what is given. Fails: 401, 400. */
  updateNotificationSettings: mutation({
    input: z
      .object({
        quietFrom: TimeOfDay.nullable(),
        quietUntil: TimeOfDay.nullable(),
        timeZone: z.string().refine(isZone, "There is no such time zone"),
        keywords: z.array(Keyword).max(maxKeywords, `You can have at most ${maxKeywords} keywords`),
      })
      .partial()
      .refine(({ quietFrom, quietUntil }) => (quietFrom ?? null) === null || (quietUntil ?? null) !== null, {
        error: "Enter the end, too",
        path: ["quietUntil"],
      })
      .refine(({ quietFrom, quietUntil }) => (quietUntil ?? null) === null || (quietFrom ?? null) !== null, {
        error: "Enter the start, too",
        path: ["quietFrom"],
      }),
    output: NotificationSettings,
  }),
}
