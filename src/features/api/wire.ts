import { z } from "zod"
import type { EndpointDoc } from "./doc.ts"

/** The response to a call; `data` is the procedure's output. */
const WireAnswer = z.object({
  status: z.enum(["OK", "ERR"]),
  data: z.unknown().optional(),
  resources: z.array(z.string()).optional(),
})

/** The wire of Covenant RPC. Programs with a client for it need only the URL. */
export const wireEndpoints: EndpointDoc[] = [
  {
    id: "covenant",
    method: "POST",
    path: "/api/covenant",
    summary:
      "Calls a procedure, or requests a token to connect to a channel, over the wire of Covenant RPC 2.x",
    description:
      "For typed clients such as the npm package `@covenant-rpc/client`, together with the WebSocket at `/socket`. Bodies are in ION: JSON with times written as `date:2026-03-14T15:09:26.535Z`.",
    open: true,
    query: z.object({ type: z.enum(["procedure", "connect"]).optional() }),
    body: z.object({ procedure: z.string(), inputs: z.unknown() }),
    fields: {
      type: "`procedure`, or `connect` with `channel`, `params` and `data` as its body",
      procedure: "The procedure's name",
      inputs: "The procedure's input",
    },
    answers: [{ status: 201, description: "The procedure's output", schema: WireAnswer }],
    fails: {
      401: "the procedure needs a token",
      403: "the procedure refuses",
      404: "no such procedure",
    },
    examples: [],
  },
]
