import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleCategory, sampleChannel } from "../api/sample.ts"
import type { categoriesContract } from "./contract.ts"

const { categoryId, channelId, serverId } = sample
const fails = { 403: "without the permission to manage channels there", 404: "no such category" }
const ofViewer = { 403: "you are not a member", 404: "no such category" }

export const categoriesDocs: ProcedureDocs<typeof categoriesContract> = {
  getCategories: {
    summary: "Lists a server's categories in their order",
    description: "Returns categories with a channel that you may view, and those that you may manage.",
    fails: { 403: "you are not a member", 404: "no such server" },
    examples: [{ input: { serverId }, output: [{ ...sampleCategory, isCollapsed: false }] }],
  },
  createCategory: {
    summary: "Creates a category below the others",
    description: "A server has at most 50.",
    fails: { 403: fails[403], 404: "no such server" },
    fields: { name: "1 to 100 characters" },
    examples: [
      {
        input: { serverId, name: "Archive" },
        output: { ...sampleCategory, id: sample.newId, name: "Archive" },
      },
      {
        summary: "By a member without the permission",
        by: "bob",
        input: { serverId, name: "Archive" },
        error: { code: 403, message: "You do not have the permission “Manage channels”" },
      },
    ],
  },
  renameCategory: {
    summary: "Renames a category",
    fails,
    fields: { name: "1 to 100 characters" },
    examples: [{ input: { categoryId, name: "Work" }, output: { ...sampleCategory, name: "Work" } }],
  },
  deleteCategory: {
    summary: "Deletes a category, not its channels",
    description: "Its channels remain with their permissions, after those without a category.",
    fails,
    examples: [{ input: { categoryId }, output: sampleCategory }],
  },
  moveChannels: {
    summary: "Orders a server's categories and channels",
    description:
      "Channels that are not listed keep their place. A channel that is synced with its category gets the permissions of the one it is moved to, others keep theirs. Lower positions come first, of equal ones the oldest. A category has at most 50 channels. Returns the channels in their order.",
    fails: {
      403: "without the permission to manage a channel, or the category it comes to",
      404: "no such channel or category",
    },
    examples: [
      {
        input: {
          serverId,
          categories: [{ id: categoryId, position: 0 }],
          channels: [{ id: channelId, position: 3, categoryId }],
        },
        output: [{ ...sampleChannel, position: 3, categoryId }],
      },
    ],
  },
  collapseCategory: {
    summary: "Collapses a category in your own lists",
    fails: ofViewer,
    examples: [{ input: { categoryId }, output: null }],
  },
  expandCategory: {
    summary: "Shows the channels of a category that you collapsed",
    fails: ofViewer,
    examples: [{ input: { categoryId }, output: null }],
  },
}
