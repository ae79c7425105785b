import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleChannel } from "../api/sample.ts"
import type { channelsContract } from "./contract.ts"

const fails = { 403: "you do not own the server", 404: "no such channel" }

export const channelsDocs: ProcedureDocs<typeof channelsContract> = {
  getChannels: {
    summary: "Lists a server's text channels, oldest first",
    fails: { 403: "you are not a member" },
    examples: [{ input: { serverId: sample.serverId }, output: [sampleChannel] }],
  },
  createChannel: {
    summary: "Creates a channel",
    description: "A server has at most 500.",
    fails: { 403: fails[403], 404: "no such server" },
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
    summary: "Deletes a channel with its messages and ends every live connection to it",
    description: "Returns the deleted channel.",
    fails,
    examples: [{ input: { channelId: sample.channelId }, output: sampleChannel }],
  },
}
