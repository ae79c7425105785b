import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { notificationsContract } from "./contract.ts"

const { serverId, channelId, categoryId } = sample
const fails = { 403: "you may not view that place", 404: "no such place" }
const fields = {
  serverId: "A server",
  categoryId: "A category",
  channelId: "A channel, a thread, or the channel of a conversation",
}
const where = "Name one place; without any, it is about your account."

const usual = {
  level: "mentions",
  isMuted: false,
  isEveryoneSuppressed: false,
  areRolesSuppressed: false,
} as const
const nothingChosen = { level: null, isEveryoneSuppressed: null, areRolesSuppressed: null }
const inChannel = {
  place: "channel",
  name: "general",
  chosen: nothingChosen,
  mutedUntil: null,
  isMutedForGood: false,
  inherited: usual,
  effective: usual,
  around: "server",
} as const
const settings = {
  quietFrom: "22:00",
  quietUntil: "07:30",
  timeZone: "Europe/Berlin",
  keywords: ["tea time"],
}

export const notificationsDocs: ProcedureDocs<typeof notificationsContract> = {
  getNotificationLevels: {
    summary: "Returns your notification levels in a place",
    description: `\`chosen\` is your choice there, \`inherited\` the level of the containing place, \`effective\` the result. ${where}`,
    fails,
    fields,
    examples: [{ input: { channelId }, output: inChannel }],
  },
  setNotificationLevels: {
    summary: "Changes your notification levels in a place",
    description: `Missing fields stay; \`null\` inherits the level. A conversation notifies of everything, whatever the level of the account. ${where}`,
    fails,
    fields: {
      ...fields,
      level: "`everything`, `mentions` or `nothing`",
      isEveryoneSuppressed: "`true`: mentions of `@everyone` do not count",
      areRolesSuppressed: "`true`: mentions of your roles do not count",
    },
    examples: [
      {
        input: { serverId, level: "everything" },
        output: {
          ...inChannel,
          place: "server",
          name: "Lab",
          chosen: { ...nothingChosen, level: "everything" },
          effective: { ...usual, level: "everything" },
          around: "account",
        },
      },
    ],
  },
  muteNotifications: {
    summary: "Mutes a place",
    description: `Nothing there shows up and its channels are not bold, but messages that mention you still count. ${where}`,
    fails,
    fields: { ...fields, minutes: "15, 60, 480 or 1440; `null`: until you unmute it" },
    examples: [
      {
        input: { categoryId, minutes: null },
        output: {
          ...inChannel,
          place: "category",
          name: "Projects",
          isMutedForGood: true,
          effective: { ...usual, isMuted: true },
          around: "server",
        },
      },
    ],
  },
  unmuteNotifications: {
    summary: "Ends the mute of a place",
    description: where,
    fails,
    fields,
    examples: [{ input: { channelId }, output: inChannel }],
  },
  getNotificationSettings: {
    summary: "Your quiet hours and keywords",
    examples: [{ input: null, output: { quietFrom: null, quietUntil: null, timeZone: "UTC", keywords: [] } }],
  },
  updateNotificationSettings: {
    summary: "Changes your quiet hours and keywords",
    description:
      "During quiet hours nothing shows up; messages still count. Keywords are compared without case and accents.",
    fields: {
      quietFrom: "A time such as `22:00`; `null`, with `quietUntil`: no quiet hours",
      quietUntil: "A time; before `quietFrom`, it is one of the next day",
      timeZone:
        "Where your settings say `automatic`: the zone of the quiet hours, an IANA name. Default: UTC",
      keywords: "All of them, at most 50, each at most 50 characters and 4 words long",
    },
    examples: [{ input: { ...settings, keywords: ["Tea time!"] }, output: settings }],
  },
}
