import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** How long an archive can be fetched, in hours. */
export const fetchHours = 24
/** Archives that one person may ask for in a day. */
export const maxExportsPerDay = 3

export const DataExport = z.object({
  id: z.string(),
  /** The server that it has; `null`: the viewer's own data. */
  serverId: z.string().nullable(),
  /** The server's name; `null` for the viewer's own data, or when the server is gone. */
  serverName: z.string().nullable(),
  state: z.enum(["waiting", "running", "ready", "failed"]),
  /** Its size, once it is ready. */
  bytes: z.int().nullable(),
  /** Why it failed. */
  failure: z.string().nullable(),
  createdAt: z.date(),
  /** Until then it can be fetched at `/account/data/ID/download`; `null` while it is made. */
  expiresAt: z.date().nullable(),
})
export type DataExport = z.infer<typeof DataExport>

export const dataExportsContract = {
  /** The viewer's exports, newest first. Fails: 401. */
  listDataExports: query({ input: z.null(), output: z.array(DataExport) }),
  /**
   * Begins an archive of the viewer's data, which is made in the background. Fails: 401, 409 (one is being made), 429 (three
   * in a day).
   */
  requestDataExport: mutation({ input: z.null(), output: DataExport }),
  /** Begins an archive of a server, for its owner. Fails: 401, 403 (not the owner; has not confirmed who they
   * are for some minutes), 404, 409, 429 (as above). */
  requestServerExport: mutation({ input: z.object({ serverId: z.string() }), output: DataExport }),
}
