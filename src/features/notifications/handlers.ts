import type { Viewer } from "../accounts/sessions.ts"
import { findQuietFacts } from "../notification-levels/facts.ts"
import { forever, type LevelChoice } from "../notification-levels/levels.ts"
import {
  listKeywords,
  replaceKeywords,
  type StoredSettings,
  updateChoice,
  updateSettings,
} from "../notification-levels/store.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { noteBrowserZone } from "../settings/store.ts"
import type { NotificationSettings, notificationsContract, PlaceInput, PlaceLevels } from "./contract.ts"
import { muteDuty } from "./mute-duty.ts"
import { describePlace, requireNotifiedPlace } from "./place-levels.ts"

const minuteMs = 60_000
const minutesPerHour = 60

/** Pages count by the levels, so what is unread changes with them. */
const ofLevels = (userId: string | undefined) => [resource.notifications(userId), resource.reading(userId)]

export const notificationsHandlers: Procedures<typeof notificationsContract> = {
  getNotificationLevels: {
    resources: ({ ctx }) => [resource.notifications(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const viewer = derived.requireAuth()
      return describePlace(derived.db, viewer.id, await requireNotifiedPlace(derived, viewer, inputs))
    },
  },

  setNotificationLevels: {
    resources: ({ ctx }) => ofLevels(ctx.viewer?.id),
    async procedure({ inputs: { serverId, categoryId, channelId, ...choice }, derived }) {
      return choose(derived, derived.requireAuth(), { serverId, categoryId, channelId }, choice)
    },
  },

  muteNotifications: {
    resources: ({ ctx }) => ofLevels(ctx.viewer?.id),
    async procedure({ inputs: { minutes, ...place }, derived }) {
      const mutedUntil = minutes === null ? forever : new Date(Date.now() + minutes * minuteMs)
      return choose(derived, derived.requireAuth(), place, { mutedUntil })
    },
  },

  unmuteNotifications: {
    resources: ({ ctx }) => ofLevels(ctx.viewer?.id),
    async procedure({ inputs, derived }) {
      return choose(derived, derived.requireAuth(), inputs, { mutedUntil: null })
    },
  },

  getNotificationSettings: {
    resources: ({ ctx }) => [resource.notifications(ctx.viewer?.id), resource.settings(ctx.viewer?.id)],
    async procedure({ derived }) {
      return readSettings(derived, derived.requireAuth())
    },
  },

  updateNotificationSettings: {
    resources: ({ ctx }) => [resource.notifications(ctx.viewer?.id)],
    async procedure({ inputs: { quietFrom, quietUntil, timeZone, keywords }, derived }) {
      const viewer = derived.requireAuth()
      const change: Partial<StoredSettings> = {
        ...(quietFrom !== undefined && { quietFrom: minutesOf(quietFrom) }),
        ...(quietUntil !== undefined && { quietUntil: minutesOf(quietUntil) }),
      }
      await derived.commits.decide(async (tx) => {
        if (Object.keys(change).length > 0) await updateSettings(tx, viewer.id, change)
        if (timeZone !== undefined) await noteBrowserZone(tx, viewer.id, timeZone)
        if (keywords) await replaceKeywords(tx, viewer.id, [...new Set(keywords)])
      })
      return readSettings(derived, viewer)
    },
  },
}

async function choose(
  derived: Derived,
  viewer: Viewer,
  input: PlaceInput,
  change: Partial<LevelChoice>,
): Promise<PlaceLevels> {
  const { db, commits, workers } = derived
  const place = await requireNotifiedPlace(derived, viewer, input)
  const of = { userId: viewer.id, placeId: place.id, place: place.kind }

  await commits.decide((tx) => updateChoice(tx, of, change, new Date()))
  if (change.mutedUntil) workers.get(muteDuty).ask()
  return describePlace(db, viewer.id, place)
}

async function readSettings({ db }: Derived, { id }: Viewer): Promise<NotificationSettings> {
  const facts = await findQuietFacts(db, id)
  return {
    quietFrom: timeOf(facts?.quietFrom ?? null),
    quietUntil: timeOf(facts?.quietUntil ?? null),
    timeZone: facts?.zone ?? "UTC",
    keywords: await listKeywords(db, id),
  }
}

/** Minutes of the day of `22:30`. */
function minutesOf(time: string | null): number | null {
  if (time === null) return null
  const [hours = 0, minutes = 0] = time.split(":").map(Number)
  return hours * minutesPerHour + minutes
}

function timeOf(minutes: number | null): string | null {
  if (minutes === null) return null
  const two = (number: number) => String(number).padStart(2, "0")
  return `${two(Math.floor(minutes / minutesPerHour))}:${two(minutes % minutesPerHour)}`
}
