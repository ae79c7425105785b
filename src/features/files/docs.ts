import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { filesContract } from "./contract.ts"

const { fileId } = sample
const noSuchFile = "there is no such file for whoever asks"

/** Alice's, uploaded to the channel and in no message yet. */
const sampleFile = { id: fileId, name: "cat.png", type: "image/png", bytes: 70, width: 1, height: 1 }

export const filesDocs: ProcedureDocs<typeof filesContract> = {
  describeFile: {
    summary: "Says in words what one's own picture shows, before or after it is sent",
    description:
      "Files are uploaded first, by a form: `curl -F files=@cat.png …/servers/{serverId}/channels/{channelId}/files` with the token and `Accept: application/json` answers 201 with `{ files: [{ id, … }], refused: [{ code, message }] }`. A message then takes up to ten of them with it, by their ids in `files`. What is in no message after a day is deleted.",
    fails: { 403: "it is someone else's", 404: noSuchFile },
    fields: { alt: "Up to 1,024 characters; empty for none" },
    examples: [
      { input: { fileId, alt: "A grey cat" }, output: { ...sampleFile, alt: "A grey cat" } },
      {
        summary: "One that is not sent yet, by someone else",
        by: "bob",
        input: { fileId, alt: "A dog" },
        error: { code: 404, message: "There is no such file" },
      },
    ],
  },
  discardFile: {
    summary: "Takes back a file of one's own that is in no message yet",
    fails: { 404: noSuchFile, 409: "it was sent: delete the message instead" },
    examples: [{ input: { fileId }, output: sampleFile }],
  },
}
