import type { ProcedureDocs } from "../api/doc.ts"
import { sample, sampleReply } from "../api/sample.ts"
import type { previewsContract } from "./contract.ts"

export const previewsDocs: ProcedureDocs<typeof previewsContract> = {
  removePreview: {
    summary: "Shows a message without what one of its links leads to, for good",
    description:
      "What linked pages say of themselves comes after the message, as a change of it: `extras.previews`, with a picture at `/previews/{id}/image` where `image` says so. A link in angle brackets has none.",
    fails: {
      403: "it is someone else's, and one does not own the server",
      404: "there is no such message or preview",
    },
    examples: [
      {
        input: { messageId: sample.bobsMessageId, previewId: sample.previewId },
        output: { ...sampleReply, seq: 3 },
      },
    ],
  },
}
