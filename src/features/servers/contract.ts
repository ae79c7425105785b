import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Name } from "../names.ts"

export const Server = z.object({ id: z.string(), name: z.string(), ownerId: z.string(), createdAt: z.date() })
export type Server = z.infer<typeof Server>

/** Most servers one person may own. Source: Discord lets a person be in 100. */
export const maxServersOwned = 100

export const serversContract = {
  /** The viewer's servers, oldest membership first. Fails: 401. */
  getServers: query({ input: z.null(), output: z.array(Server), meta: { bots: true } }),
  /** Creates a server; the viewer becomes its owner and first member. Fails: 401, 400 (name; too many servers). */
  createServer: mutation({ input: z.object({ name: Name }), output: Server }),
  /** Fails: 401, 403 (not the owner), 404, 400. */
  renameServer: mutation({ input: z.object({ serverId: z.string(), name: Name }), output: Server }),
  /** Deletes a server with its channels and ends every live connection to it. Fails: 401, 403, 404. */
  deleteServer: mutation({ input: z.object({ serverId: z.string() }), output: z.null() }),
}
