import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleCategory, sampleChannel } from "../api/sample.ts"
import type { channelsContract } from "./contract.ts"

const { channelId, serverId } = sample
const fails = { 403: "without the permission to manage the channel", 404: "no such channel" }
const fields = { name: "1 to 100 characters", topic: "Up to 1,024 characters" }

export const channelsDocs: ProcedureDocs<typeof channelsContract> = {
  getChannels: {
    summary: "Lists a server's text channels that you may view, in their order",
    description:
      "First the channels without a category, then those of each category (`getCategories`). Without archived ones.",
    fails: { 403: "you are not a member" },
    examples: [{ input: { serverId }, output: [sampleChannel] }],
  },
  getArchivedChannels: {
    summary: "Lists a server's archived channels that you may view, last archived first",
    fails: { 403: "you are not a member" },
    examples: [{ input: { serverId }, output: [] }],
  },
  createChannel: {
    summary: "Creates a channel",
    description:
      "A server has at most 500, a category 50. In a category it has the category's permissions. `isPrivate` denies everyone to view it, `isReadOnly` to send messages; you are still allowed to.",
    fails: {
      403: "without the permission to manage channels, or the category",
      404: "no such server or category",
    },
    fields,
    examples: [
      {
        input: { serverId, name: "deploys" },
        output: { ...sampleChannel, id: sample.newId, name: "deploys" },
      },
      {
        summary: "In a category, where only some may write",
        input: {
          ...{ serverId, name: "news", topic: "What is new" },
          ...{ categoryId: sampleCategory.id, isReadOnly: true },
        },
        output: {
          ...{ ...sampleChannel, id: sample.newId, name: "news", topic: "What is new" },
          ...{ categoryId: sampleCategory.id, isReadOnly: true },
        },
      },
    ],
  },
  updateChannel: {
    summary: "Changes a channel's name or topic",
    fails,
    fields,
    examples: [
      {
        input: { channelId, topic: "Everything about the laboratory" },
        output: { ...sampleChannel, topic: "Everything about the laboratory" },
      },
    ],
  },
  renameChannel: {
    summary: "Renames a channel",
    fails,
    fields: { name: fields.name },
    examples: [
      { input: { channelId, name: "everything" }, output: { ...sampleChannel, name: "everything" } },
    ],
  },
  setChannelAccess: {
    summary: "Makes a channel private or public, read-only or writable",
    description:
      "By what it denies to everyone: roles and members can be allowed to. You are still allowed to. The channel is no longer synced with its category. Live connections of those who may no longer view it end.",
    fails: { 403: "without the permission to manage the channel and roles", 404: "no such channel" },
    examples: [{ input: { channelId, isReadOnly: true }, output: { ...sampleChannel, isReadOnly: true } }],
  },
  archiveChannel: {
    summary: "Archives a channel",
    description:
      "It is removed from all lists, and nobody can write to it or its threads. It can still be read by its id.",
    fails,
    examples: [{ input: { channelId }, output: { ...sampleChannel, archivedAt: sample.at } }],
  },
  unarchiveChannel: {
    summary: "Brings an archived channel back",
    fails,
    examples: [{ input: { channelId }, output: sampleChannel }],
  },
  deleteChannel: {
    summary: "Deletes a channel with its messages and ends every live connection to it",
    description: "Returns the deleted channel.",
    fails,
    examples: [{ input: { channelId }, output: sampleChannel }],
  },
}
