import { Archive } from "./archive.ts"
import { addPerson } from "./person.ts"
import { addServer } from "./server.ts"
import type { ExportSources } from "./sources.ts"
import type { ExportRow } from "./store.ts"

/** Writes an archive under a key while it is made, and returns its size. */
export async function writeArchive(key: string, row: ExportRow, sources: ExportSources): Promise<number> {
  const archive = new Archive(sources.now)
  const fill = async () => {
    try {
      sources.check()
      if (row.serverId === null) await addPerson(archive, sources, row.userId)
      else await addServer(archive, sources, row.serverId)
      sources.check()
      archive.end()
    } catch (error) {
      archive.fail(error as Error)
      throw error
    }
  }
  const filling = fill()
  const writing = sources.storage.write(key, archive.output, "application/zip")
  const [filled, written] = await Promise.allSettled([filling, writing.catch(failing(archive))])
  // Why it failed, and not that reading it did.
  if (filled.status === "rejected") throw filled.reason
  if (written.status === "rejected") throw written.reason
  return written.value
}

/** Nobody reads the archive any more: filling it would wait for ever. */
function failing(archive: Archive) {
  return (error: unknown): never => {
    archive.fail(error as Error)
    throw error
  }
}
