import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { profilesContract } from "./contract.ts"

const fails = { 404: "nobody whom you share a server or a conversation with" }
const limited = "Your profile can be changed 30 times in 10 minutes."

const plain = {
  displayName: null,
  nickname: null,
  avatarUrl: null,
  bio: "",
  pronouns: "",
  status: null,
  presence: "offline" as const,
  isBot: false,
  member: null,
}
const mutualServers = [{ id: sample.serverId, name: "Lab" }]

export const profilesDocs: ProcedureDocs<typeof profilesContract> = {
  getProfile: {
    summary: "Returns your profile, or that of somebody you share a server or a conversation with",
    description:
      "With `serverId` also what they are in that server, if you are both members. Who is invisible is `offline` here, too. Pictures are WebP, 128 pixels wide; `/512` after the path is larger, and `/animated` is there where the last part of the path begins with `a_`. Upload yours as `multipart/form-data` in the field `avatar` to `/account/profile/avatar`.",
    fails,
    examples: [
      {
        input: { userId: sample.bobId, serverId: sample.serverId },
        output: {
          ...{ userId: sample.bobId, username: "bob", ...plain, mutualServers },
          member: { joinedAt: sample.at, isOwner: false, roleIds: [sample.roleId] },
        },
      },
      {
        summary: "Of a stranger",
        by: "mallory",
        input: { userId: sample.bobId },
        error: { code: 404, message: "There is no such person" },
      },
    ],
  },
  updateProfile: {
    summary: "Changes what you say about yourself",
    description:
      "Fields that are missing stay as they are; empty ones are removed. Names need not be unique. " +
      limited,
    examples: [
      {
        input: { displayName: "Alice Ångström", bio: "Keeps the lab running", pronouns: "she/her" },
        output: { displayName: "Alice Ångström", bio: "Keeps the lab running", pronouns: "she/her" },
      },
    ],
  },
  setAvatar: {
    summary: "Makes a picture that you have uploaded your own",
    description:
      "PNG, JPEG, GIF, WebP or AVIF, up to 8 MB. Upload it as a file of any channel first, see Files: you need not send it.",
    fails: { 404: "you have uploaded no such file", 413: "the picture is too large" },
    fields: { fileId: "Of a file that you have uploaded" },
    examples: [{ input: { fileId: sample.fileId }, output: null }],
  },
  removeAvatar: {
    summary: "Removes your picture",
    examples: [{ input: null, output: null }],
  },
  setStatus: {
    summary: "Sets your status; without text and emoji, removes it",
    description: limited,
    fields: { expiresAt: "When it ends; missing: until you change it" },
    examples: [
      {
        input: { text: "Out for lunch", emoji: "🥪" },
        output: { status: { text: "Out for lunch", emoji: "🥪", expiresAt: null } },
      },
    ],
  },
  setPresence: {
    summary: "Sets what others see of your presence",
    description:
      "`invisible`: you look offline on every page and in the API. `online`: you are idle while all your pages are.",
    examples: [{ input: { presence: "doNotDisturb" }, output: { presence: "doNotDisturb" } }],
  },
  getNote: {
    summary: "Returns your note about somebody, which nobody else can read",
    fails,
    examples: [{ input: { userId: sample.bobId }, output: { text: "" } }],
  },
  setNote: {
    summary: "Replaces your note about somebody",
    fails,
    examples: [
      { input: { userId: sample.bobId, text: "Met at the fair" }, output: { text: "Met at the fair" } },
    ],
  },
}
