import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { announcementsContract } from "./contract.ts"

/** The announcement in the example's world. */
export const sampleAnnouncement = {
  id: "9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d",
  text: "New servers tonight at eight: we are away for ten minutes",
}

const only = "you do not administer this chat"
const over = "there is no such announcement"

export const announcementsDocs: ProcedureDocs<typeof announcementsContract> = {
  announce: {
    summary: "Announces something to everyone",
    description:
      "It is shown at once above the pages of everyone who is logged in, until it is ended or they dismiss it. A new one replaces it.",
    fails: { 403: only },
    fields: { text: "Plain text. Web addresses in it become links" },
    examples: [{ input: { text: sampleAnnouncement.text }, output: { id: sample.newId } }],
  },
  clearAnnouncement: {
    summary: "Ends the announcement",
    fails: { 403: only, 404: over },
    examples: [{ input: null, output: null }],
  },
  getAnnouncement: {
    summary: "Returns what administrators announce to everyone",
    description: "`null` when they announce nothing.",
    examples: [{ input: null, output: { ...sampleAnnouncement, isDismissed: false } }],
  },
  dismissAnnouncement: {
    summary: "Hides an announcement from you",
    fails: { 404: over },
    examples: [{ input: { id: sampleAnnouncement.id }, output: null }],
  },
}
