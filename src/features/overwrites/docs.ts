import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { overwritesContract } from "./contract.ts"

const inChannel = { serverId: sample.serverId, channelId: sample.channelId }
/** A channel in a category, with overwrites of its own. */
export const sampleOwnChannelId = "9e8d7c6b-5a4f-4e3d-8c2b-1a0f9e8d7c6b"

const readOnly = { id: sample.serverId, type: 0 as const, allow: "0", deny: "2048" }
const fails = {
  403: "without the permission to manage roles there, or without a permission that would change",
  404: "no such channel, category, role or member",
}
const placeFields = {
  channelId: "Either this or `categoryId`",
  categoryId: "Its synced channels change with it",
}
const idField = { id: "Of a role (`@everyone` has the server's id) or a member" }
const reasonField = { reason: "Why; shown in the audit log" }

export const overwritesDocs: ProcedureDocs<typeof overwritesContract> = {
  getOverwrites: {
    summary: "Lists the permissions that a channel or category changes",
    fails,
    fields: placeFields,
    examples: [{ input: inChannel, output: [] }],
  },
  setOverwrite: {
    summary: "Sets what a channel or category allows and denies to a role or member",
    description:
      "A channel where `@everyone` may not view (1024) is private, one where it may not send (2048) is read-only. A channel that gets overwrites of its own is no longer synced with its category.",
    fails,
    fields: {
      ...placeFields,
      ...idField,
      type: "0 for a role, 1 for a member",
      allow: "The sum of the permissions' bits as a decimal string, with the bits of Discord's API",
      deny: "Likewise; a permission is not in both",
      ...reasonField,
    },
    examples: [
      { summary: "Makes a channel read-only", input: { ...inChannel, ...readOnly }, output: readOnly },
      {
        summary: "Without the permission to manage roles",
        by: "bob",
        input: { ...inChannel, ...readOnly },
        error: { code: 403, message: "You do not have the permission “Manage roles”" },
      },
    ],
  },
  deleteOverwrite: {
    summary: "Removes an overwrite",
    fails: { ...fails, 404: "no such channel, category or overwrite" },
    fields: { ...placeFields, ...idField, ...reasonField },
    examples: [{ input: { ...inChannel, id: sample.bobId }, output: null }],
  },
  syncOverwrites: {
    summary: "Gives a channel the overwrites of its category, now and from now on",
    fails: { ...fails, 400: "it is in no category" },
    examples: [{ input: { ...inChannel, channelId: sampleOwnChannelId }, output: [] }],
  },
}
