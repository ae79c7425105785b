import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleServer } from "../api/sample.ts"
import type { serversContract } from "./contract.ts"

export const serversDocs: ProcedureDocs<typeof serversContract> = {
  getServers: {
    summary: "Lists the servers you are a member of, in your order",
    description: "Servers that you have not ordered are last, oldest membership first.",
    examples: [{ input: null, output: [sampleServer] }],
  },
  orderServers: {
    summary: "Orders your servers, for you alone",
    description: "Servers that are not named stay as they were, after the named ones.",
    fields: { serverIds: "Ids of servers that you are not in are ignored. Up to 1000" },
    examples: [
      { input: { serverIds: [sample.serverId] }, output: [sampleServer] },
      {
        summary: "With a server named twice",
        input: { serverIds: [sample.serverId, sample.serverId] },
        error: {
          code: 400,
          message: "serverIds: Name each server once",
          issues: [{ path: "serverIds", message: "Name each server once" }],
        },
      },
    ],
  },
  createServer: {
    summary: "Creates a server; you become its owner and first member",
    description: "You may own at most 100.",
    fields: { name: "1 to 100 characters" },
    examples: [
      {
        input: { name: "Observatory" },
        output: { ...sampleServer, id: sample.newId, name: "Observatory" },
      },
      {
        summary: "Without a name",
        input: { name: " " },
        error: {
          code: 400,
          message: "name: Enter a name",
          issues: [{ path: "name", message: "Enter a name" }],
        },
      },
    ],
  },
  updateServer: {
    summary: "Changes a server's name or description",
    fails: { 403: "without the permission to manage the server", 404: "no such server" },
    fields: { name: "1 to 100 characters", description: "Up to 300 characters" },
    examples: [
      {
        input: { serverId: sample.serverId, description: "Where we try things" },
        output: { ...sampleServer, description: "Where we try things" },
      },
    ],
  },
  getSystemChannel: {
    summary: "Returns the channel to which the server itself sends, such as a welcome",
    description: "In a new server it is the first channel.",
    fails: { 403: "you are not a member", 404: "no such server" },
    examples: [{ input: { serverId: sample.serverId }, output: { channelId: sample.channelId } }],
  },
  setSystemChannel: {
    summary: "Sets the channel to which the server itself sends",
    description: "With `null` the server sends nothing.",
    fails: { 403: "without the permission to manage the server", 404: "no such server or channel" },
    examples: [
      { input: { serverId: sample.serverId, channelId: null }, output: { channelId: null } },
      {
        summary: "That is not in the server",
        input: { serverId: sample.serverId, channelId: "none" },
        error: { code: 404, message: "There is no such channel" },
      },
    ],
  },
  removeServerIcon: {
    summary: "Removes a server's icon",
    description: "A new one is uploaded on the page of the server's settings.",
    fails: { 403: "without the permission to manage the server", 404: "no such server" },
    examples: [{ input: { serverId: sample.serverId }, output: sampleServer }],
  },
  removeServerBanner: {
    summary: "Removes a server's banner",
    description: "A new one is uploaded on the page of the server's settings.",
    fails: { 403: "without the permission to manage the server", 404: "no such server" },
    examples: [{ input: { serverId: sample.serverId }, output: sampleServer }],
  },
  renameServer: {
    summary: "Renames a server",
    fails: { 403: "you do not own the server", 404: "no such server" },
    fields: { name: "1 to 100 characters" },
    examples: [
      {
        input: { serverId: sample.serverId, name: "Laboratory" },
        output: { ...sampleServer, name: "Laboratory" },
      },
    ],
  },
  deleteServer: {
    summary: "Deletes a server with everything in it and ends every live connection to it",
    fails: { 403: "you do not own the server", 404: "no such server" },
    examples: [
      { input: { serverId: sample.serverId }, output: null },
      {
        summary: "By a member who does not own it",
        by: "bob",
        input: { serverId: sample.serverId },
        error: { code: 403, message: "Only the server's owner may do this" },
      },
    ],
  },
}
