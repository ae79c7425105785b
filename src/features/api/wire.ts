import { z } from "zod"
import type { Address } from "./doc.ts"

/** What the wire says of a call, with `data` for any procedure's output. */
const Answer = z.object({
  status: z.enum(["OK", "ERR"]),
  data: z.unknown().optional(),
  resources: z.array(z.string()).optional(),
})

/** The wire of Covenant RPC, for its clients: programs that have one need not know more of it than the address. */
export const wireAddresses: Address[] = [
  {
    id: "covenant",
    method: "POST",
    path: "/api/covenant",
    summary:
      "Calls a procedure, or asks for a token to connect to a channel, over the wire of Covenant RPC 2.x",
    description:
      "For typed clients such as the npm package `@covenant-rpc/client`, which speaks it by itself, together with the WebSocket at `/socket`. Bodies are in ION: JSON in which times are written `date:2026-03-14T15:09:26.535Z`.",
    open: true,
    query: z.object({ type: z.enum(["procedure", "connect"]).optional() }),
    body: z.object({ procedure: z.string(), inputs: z.unknown() }),
    fields: {
      type: "`procedure`, or `connect` with `channel`, `params` and `data` as its body",
      procedure: "Its name",
      inputs: "Its input",
    },
    answers: [{ status: 201, description: "What the procedure answers", schema: Answer }],
    fails: {
      401: "the procedure needs a token",
      403: "the procedure does not allow it",
      404: "there is no such procedure",
    },
    examples: [],
  },
]
