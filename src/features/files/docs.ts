import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { filesContract } from "./contract.ts"

const { fileId } = sample
const noSuchFile = "no such file, or you may not see it"

/** Alice uploaded it to the channel and has not sent it yet. */
const sampleFile = { id: fileId, name: "cat.png", type: "image/png", bytes: 70, width: 1, height: 1 }

export const filesDocs: ProcedureDocs<typeof filesContract> = {
  describeFile: {
    summary: "Sets the description of your own picture, before or after sending it",
    description:
      "Files are uploaded first, by a form: `curl -F files=@cat.png …/servers/{serverId}/channels/{channelId}/files` with the token and `Accept: application/json` answers 201 with `{ files: [{ id, … }], refused: [{ code, message }] }`. A message then attaches up to ten of them by their ids in `files`. A file that is in no message after a day is deleted, unless it is in a scheduled one.",
    fails: { 403: "you did not upload it", 404: noSuchFile },
    fields: { alt: "Up to 1,024 characters; empty for none" },
    examples: [
      { input: { fileId, alt: "A grey cat" }, output: { ...sampleFile, alt: "A grey cat" } },
      {
        summary: "Another user's file that was not sent yet",
        by: "bob",
        input: { fileId, alt: "A dog" },
        error: { code: 404, message: "There is no such file. It may have been deleted" },
      },
    ],
  },
  discardFile: {
    summary: "Deletes a file of yours that is in no message yet",
    fails: { 404: noSuchFile, 409: "it was sent, or is in a scheduled message" },
    examples: [{ input: { fileId }, output: sampleFile }],
  },
}
