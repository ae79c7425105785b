import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { retentionContract } from "./contract.ts"

const { serverId, channelId } = sample
const nothing = { messages: { now: 0, soon: 0 }, files: { now: 0, soon: 0 }, isAtLeast: false }
const failsInServer = { 403: "you may not manage the server", 404: "no such server" }
const failsInChannel = { 400: "a thread", 403: "you may not manage the channel", 404: "no such channel" }
const ofServer = {
  messageDays: "Days after which messages are deleted; `null` keeps them for ever",
  fileDays: "Days after which files are deleted; `null` keeps them for ever",
}
const ofChannel = {
  messageDays: "Days after which messages are deleted; `null` does as the server, 0 keeps them for ever",
  fileDays: "Days after which files are deleted; `null` does as the server, 0 keeps them for ever",
}

export const retentionDocs: ProcedureDocs<typeof retentionContract> = {
  getServerRetention: {
    summary: "Returns how long a server keeps messages and files",
    description: "With the channels that differ, as far as you may view them.",
    fails: failsInServer,
    examples: [{ input: { serverId }, output: { messageDays: null, fileDays: null, channels: [] } }],
  },
  getChannelRetention: {
    summary: "Returns how long a channel keeps messages and files",
    fails: failsInChannel,
    examples: [
      {
        input: { channelId },
        output: { messageDays: null, fileDays: null, server: { messageDays: null, fileDays: null } },
      },
    ],
  },
  previewServerRetention: {
    summary: "Counts what a server would delete",
    description: "Now, and in the seven days after; without pinned messages, which stay. Stops at 100,000.",
    fails: failsInServer,
    fields: ofServer,
    examples: [{ input: { serverId, messageDays: 90, fileDays: 30 }, output: nothing }],
  },
  previewChannelRetention: {
    summary: "Counts what a channel would delete",
    description: "With its threads, which keep what the channel keeps.",
    fails: failsInChannel,
    fields: ofChannel,
    examples: [{ input: { channelId, messageDays: 30 }, output: nothing }],
  },
  setServerRetention: {
    summary: "Sets how long a server keeps messages and files",
    description:
      "Applies to all channels that do not say otherwise. What is older is deleted at once and for good, and from then on every hour. Pinned messages stay with their files.",
    fails: failsInServer,
    fields: ofServer,
    examples: [
      {
        input: { serverId, messageDays: 365, fileDays: 90, reason: "We said so in the rules" },
        output: { messageDays: 365, fileDays: 90, channels: [] },
      },
      {
        summary: "Less than a day",
        input: { serverId, messageDays: 0, fileDays: null },
        error: {
          code: 400,
          message: "messageDays: Use at least 1 day",
          issues: [{ path: "messageDays", message: "Use at least 1 day" }],
        },
      },
    ],
  },
  setChannelRetention: {
    summary: "Sets how long a channel keeps messages and files",
    description: "Also in its threads.",
    fails: failsInChannel,
    fields: ofChannel,
    examples: [
      {
        input: { channelId, messageDays: 30, fileDays: 0 },
        output: { messageDays: 30, fileDays: 0, server: { messageDays: null, fileDays: null } },
      },
    ],
  },
}
