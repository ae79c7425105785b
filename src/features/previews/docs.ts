import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleReply } from "../api/sample.ts"
import type { previewsContract } from "./contract.ts"

export const previewsDocs: ProcedureDocs<typeof previewsContract> = {
  removePreview: {
    summary: "Removes the preview of a link from a message for good",
    description:
      "Previews of linked pages are added after the message was sent, as a change of it: `extras.previews`. Where `image` is set, there is a picture at `/previews/{id}/image`. A link in angle brackets has no preview.",
    fails: {
      403: "you are neither the author nor the server's owner",
      404: "no such message or preview",
    },
    examples: [
      {
        input: { messageId: sample.bobsMessageId, previewId: sample.previewId },
        output: { ...sampleReply, seq: 3 },
      },
    ],
  },
}
