import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleLater } from "../api/sample.ts"
import type { remindersContract } from "./contract.ts"

/** A reminder of alice that is still to come. */
export const sampleReminderId = "9a3b5c7d-1e2f-4a4b-8c6d-0e1f2a3b4c5d"

const own = { reminderId: sampleReminderId }
const gone = { 404: "there is none that is still to come" }
const badTime = "the time has passed, or is more than a year ahead"

export const remindersDocs: ProcedureDocs<typeof remindersContract> = {
  createReminder: {
    summary: "Reminds you of a message at a time",
    description: "The message then comes into your inbox. At most 200 reminders may be still to come.",
    fails: { 404: "no such message", 410: "it was deleted", 400: badTime },
    examples: [
      {
        input: { messageId: sample.messageId, dueAt: sampleLater, note: "Answer her" },
        output: { reminderId: sample.newId },
      },
    ],
  },
  getReminders: {
    summary: "Lists your reminders that are still to come, the next one first",
    description: "Those of messages that you may read.",
    examples: [{ by: "mallory", input: null, output: [] }],
  },
  updateReminder: {
    summary: "Changes the time or the note of a reminder",
    fails: { ...gone, 400: badTime },
    examples: [{ input: { ...own, dueAt: sampleLater }, output: own }],
  },
  deleteReminder: { summary: "Removes a reminder", fails: gone, examples: [{ input: own, output: own }] },
}
