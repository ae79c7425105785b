import type { Db } from "../../db/open.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Identity } from "../permissions/standing.ts"
import { findFileSeenBy } from "./store.ts"

export const noSuchFile = "There is no such file. It may have been deleted"

/** A file that the viewer may see. Fails: 404, also for everyone who may not. */
export async function requireFile({ db }: { db: Db }, viewer: Identity, fileId: string) {
  const seen = await findFileSeenBy(db, viewer.id, fileId)
  if (!seen) throw new Refusal(noSuchFile, 404)

  return { ...seen, isOwn: seen.file.userId === viewer.id }
}
