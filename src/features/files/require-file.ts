import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import type { Identity } from "../permissions/standing.ts"
import { findReadableFile } from "./store.ts"

export const noSuchFile = "There is no such file. It may have been deleted"

/** A file that the viewer may read. Fails: 404, also without the permission, so that ids reveal nothing. */
export async function requireFile({ db }: { db: Db }, viewer: Identity, fileId: string) {
  const found = await findReadableFile(db, viewer.id, fileId)
  if (!found) throw new Refusal(noSuchFile, 404)

  return { ...found, isOwn: found.file.userId === viewer.id }
}
