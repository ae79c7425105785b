import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleChannel } from "../api/sample.ts"
import type { channelsContract } from "./contract.ts"

const fails = { 403: "one is not the server's owner", 404: "there is no such channel" }

export const channelsDocs: ProcedureDocs<typeof channelsContract> = {
  getChannels: {
    summary: "A server's text channels, oldest first",
    fails: { 403: "one is not a member" },
    examples: [{ input: { serverId: sample.serverId }, output: [sampleChannel] }],
  },
  createChannel: {
    summary: "Makes a channel",
    description: "A server may have 500.",
    fails: { 403: fails[403], 404: "there is no such server" },
    fields: { name: "1 to 100 characters" },
    examples: [
      {
        input: { serverId: sample.serverId, name: "deploys" },
        output: { ...sampleChannel, id: sample.newId, name: "deploys" },
      },
    ],
  },
  renameChannel: {
    summary: "Renames a channel",
    fails,
    fields: { name: "1 to 100 characters" },
    examples: [
      {
        input: { channelId: sample.channelId, name: "everything" },
        output: { ...sampleChannel, name: "everything" },
      },
    ],
  },
  deleteChannel: {
    summary: "Deletes a channel with its messages, and ends every live connection to it",
    description: "Answers with what it was.",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: sampleChannel }],
  },
}
