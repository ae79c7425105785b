import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { rolesContract } from "./contract.ts"

const inServer = { serverId: sample.serverId }
const ofRole = { ...inServer, roleId: sample.roleId }
const ofBob = { ...ofRole, userId: sample.bobId }

/** The role of bob. */
export const sampleRole = {
  id: sample.roleId,
  ...inServer,
  name: "Helpers",
  color: 0x2e_8b_57,
  hoist: true,
  mentionable: true,
  position: 1,
  permissions: "67108864",
}

const sampleEveryone = {
  ...sampleRole,
  id: sample.serverId,
  name: "@everyone",
  color: 0,
  hoist: false,
  mentionable: false,
  position: 0,
  permissions: "563259258293313",
}

const fails = {
  403: "without the permission to manage roles; the role is not below your highest one; or you do not have a permission that would change",
  404: "no such server or role",
}
const denied = { code: 403, message: "You do not have the permission “Manage roles”" }
const fields = {
  color: "0xRRGGBB as a number; 0 for none",
  hoist: "Members with this role are listed apart from others",
  mentionable: "Everyone may mention it",
  permissions: "The sum of the permissions' bits as a decimal string, with the bits of Discord's API",
  reason: "Why; shown in the audit log",
}

export const rolesDocs: ProcedureDocs<typeof rolesContract> = {
  getRoles: {
    summary: "Lists a server's roles, highest first",
    description: "The last one is `@everyone`, whose id is the server's: all members have it.",
    fails: { 403: "you are not a member", 404: "no such server" },
    examples: [{ input: inServer, output: [sampleRole, sampleEveryone] }],
  },
  createRole: {
    summary: "Creates the lowest role above `@everyone`",
    description: "A server has at most 250 roles. What is not given is empty, so a new role allows nothing.",
    fails,
    fields,
    examples: [
      {
        input: { ...inServer, name: "Writers", color: 0x4a_6f_a5, hoist: true },
        output: {
          ...sampleRole,
          id: sample.newId,
          name: "Writers",
          color: 0x4a_6f_a5,
          mentionable: false,
          permissions: "0",
        },
      },
      {
        summary: "Without the permission to manage roles",
        by: "bob",
        input: { ...inServer, name: "Kings" },
        error: denied,
      },
      {
        summary: "With a bit that does not exist",
        input: { ...inServer, permissions: "9007199254740992" },
        error: {
          code: 400,
          message: "permissions: There are no such permissions",
          issues: [{ path: "permissions", message: "There are no such permissions" }],
        },
      },
    ],
  },
  updateRole: {
    summary: "Changes a role",
    description: "Only what is given changes. Of `@everyone` only the permissions can be changed.",
    fails,
    fields,
    examples: [{ input: { ...ofRole, name: "Guides" }, output: { ...sampleRole, name: "Guides" } }],
  },
  deleteRole: {
    summary: "Deletes a role: its members lose what it allowed",
    fails: { ...fails, 400: "it is `@everyone`" },
    examples: [
      { input: ofRole, output: null },
      {
        summary: "@everyone",
        input: { ...inServer, roleId: sample.serverId },
        error: { code: 400, message: "@everyone cannot be deleted" },
      },
    ],
  },
  moveRoles: {
    summary: "Moves roles in the hierarchy, and returns all of them, highest first",
    description:
      "Positions are counted from 1 for the lowest role; `@everyone` stays at 0. Roles that are not listed keep their order around the others.",
    fails: { ...fails, 400: "a role is listed twice, or `@everyone` would move" },
    examples: [
      {
        input: { ...inServer, positions: [{ id: sample.roleId, position: 1 }] },
        output: [sampleRole, sampleEveryone],
      },
    ],
  },
  giveRole: {
    summary: "Gives a member a role",
    description: "Nothing happens if they have it already. You need not have what the role allows.",
    fails: { ...fails, 400: "it is `@everyone`, which all members have" },
    examples: [
      { input: ofBob, output: null },
      { summary: "Without the permission to manage roles", by: "bob", input: ofBob, error: denied },
    ],
  },
  takeRole: {
    summary: "Takes a role from a member",
    description: "Nothing happens if they do not have it.",
    fails: { ...fails, 400: "it is `@everyone`, which all members have" },
    examples: [{ input: ofBob, output: null }],
  },
}
