import { z } from "zod"
import { channel, declareCovenant, mutation, query } from "../../src/kernel/index.ts"

const Said = z.object({ text: z.string(), from: z.string(), at: z.date() })

/** A contract for a server that uses the reference package. */
export const reference = declareCovenant({
  procedures: {
    getNotes: query({ input: z.object({ room: z.string() }), output: z.array(z.string()) }),
    addNote: mutation({ input: z.object({ room: z.string(), text: z.string() }), output: z.null() }),
  },
  channels: {
    room: channel({
      clientMessage: z.object({ text: z.string().min(1) }),
      serverMessage: Said,
      connectionRequest: z.object({ name: z.string() }),
      connectionContext: z.object({ name: z.string(), since: z.date() }),
      params: ["floor", "door"],
    }),
  },
})
