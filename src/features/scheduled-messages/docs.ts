import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleLater, sampleMessage } from "../api/sample.ts"
import type { scheduledMessagesContract } from "./contract.ts"

/** A message of alice that waits. */
export const sampleScheduledId = "3e7a9c1b-5d2f-4e8a-9b6c-7d0f1a2b3c4e"

const sent = {
  ...sampleMessage,
  ...{ id: sampleScheduledId, content: "Good morning!", position: 3, ordinal: 3, seq: 3 },
}

const own = { scheduledId: sampleScheduledId }
const gone = { 404: "no such scheduled message", 409: "it was sent already" }
const badTime = "the time has passed, or is more than a year ahead"

export const scheduledMessagesDocs: ProcedureDocs<typeof scheduledMessagesContract> = {
  scheduleMessage: {
    summary: "Sends a message at a time",
    description:
      "It is sent by the rules of that time: your permissions and all limits are checked then. If it is refused, it stays in the list with the reason. Its files are kept as long as it waits. At most 100 may wait.",
    fails: {
      403: "you may not write or attach files there",
      404: "no such channel",
      409: "the id is in use",
      400: `${badTime}; or a file does not exist, or is in another message`,
    },
    fields: {
      id: "A UUID, which becomes the message's id",
      files: "Ids of up to ten files that you uploaded to the channel",
    },
    examples: [
      {
        input: { channelId: sample.channelId, content: "Good morning!", dueAt: sampleLater },
        output: { scheduledId: sample.newId },
      },
    ],
  },
  getScheduledMessages: {
    summary: "Lists your messages that wait, and those that could not be sent",
    description: "`failure` says why one could not be sent.",
    examples: [{ by: "mallory", input: null, output: [] }],
  },
  updateScheduledMessage: {
    summary: "Changes the text, the time or the files of a scheduled message",
    description: "One that could not be sent waits again. Files that are no longer named are deleted.",
    fails: { ...gone, 403: "you may not attach files there", 400: badTime },
    fields: { files: "All files that it then has. Without this field they stay as they are" },
    examples: [{ input: { ...own, content: "Good evening!" }, output: own }],
  },
  cancelScheduledMessage: {
    summary: "Cancels a scheduled message, and deletes its files",
    fails: gone,
    examples: [{ input: own, output: own }],
  },
  sendScheduledMessage: {
    summary: "Sends a scheduled message now",
    fails: {
      ...gone,
      403: "you may not write there any more",
      404: "no such scheduled message, or its channel was deleted",
    },
    examples: [{ input: own, output: sent }],
  },
}
