import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import { allPermissionNames } from "../permissions/bits.ts"
import type { permissionChecksContract } from "./contract.ts"

const fails = {
  403: "without the permission to manage roles",
  404: "no such server, channel, member or role",
}
const subjectFields = {
  userId: "A member; either this or `roleId`",
  roleId: "A role, as the only one that someone has; the server's id is everyone's",
}
const missing = { code: 403, message: "You do not have the permission “Manage roles”" }
const nobody = { members: 0, names: [], channels: 0, channelNames: [] }

export const permissionChecksDocs: ProcedureDocs<typeof permissionChecksContract> = {
  explainPermissions: {
    summary: "Explains each permission of a member or a role, step by step",
    description:
      "In a channel, or in the whole server without `channelId`. The last step decides. Everyone may ask about themselves.",
    fails,
    fields: subjectFields,
    examples: [
      {
        input: { channelId: sample.channelId, userId: sample.aliceId },
        output: {
          serverId: sample.serverId,
          channel: { id: sample.channelId, name: "general" },
          subject: { kind: "member", id: sample.aliceId, name: "alice" },
          permissions: allPermissionNames.map((permission) => ({
            ...{ permission, isGranted: true, steps: [{ kind: "owner", grants: true }] },
          })),
        },
      },
      {
        summary: "About someone else, without the permission",
        by: "bob",
        input: { channelId: sample.channelId, userId: sample.aliceId },
        error: missing,
      },
    ],
  },
  viewServerAs: {
    summary: "How a member or a role sees the channels of a server",
    description:
      "Lists the channels that you may view, with what they may do there: a sum of bits, “0” where they do not see the channel.",
    fails,
    fields: subjectFields,
    examples: [
      {
        input: { serverId: sample.serverId, userId: sample.aliceId },
        output: {
          subject: { kind: "member", id: sample.aliceId, name: "alice" },
          channels: [
            {
              ...{ id: sample.channelId, name: "general", isLocked: false, isArchived: false },
              permissions: "9007199254740991",
            },
          ],
        },
      },
      {
        summary: "Without the permission",
        by: "bob",
        input: { serverId: sample.serverId, userId: sample.aliceId },
        error: missing,
      },
    ],
  },
  previewPermissionChange: {
    summary: "Who would gain and lose which permission, and where",
    description:
      "Changes nothing. Counts only channels that you may view; timeouts, locks and archives are not looked at. Where too much would have to be compared, `isComplete` is false and there are no changes.",
    fails,
    fields: {
      change:
        "The permissions of a role, what a channel allows and denies to a role (the server's id: everyone) or a member, or whether a member has a role",
    },
    examples: [
      {
        summary: "Nobody may react in a channel any more, except the owner",
        input: {
          serverId: sample.serverId,
          change: {
            ...{ kind: "overwrite", channelId: sample.channelId, targetId: sample.serverId },
            ...{ allow: "0", deny: "64" },
          },
        },
        output: {
          isComplete: true,
          changes: [
            {
              permission: "addReactions",
              gained: nobody,
              lost: { members: 1, names: ["bob"], channels: 1, channelNames: ["general"] },
            },
          ],
        },
      },
    ],
  },
}
