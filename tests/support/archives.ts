import { unzipSync } from "fflate"
import { exportDuty } from "../../src/features/data-exports/duty.ts"
import { expectData, type Person, type TestChat } from "./chat.ts"

/** What an archive of that person holds, by path; read by another program than the one that wrote it. */
export async function openArchive({ chat }: Pick<TestChat, "chat">, { client }: Pick<Person, "client">) {
  const [newest] = expectData(await client.query("listDataExports", null))
  const stored = await chat.storage.get(`exports/${newest?.id}`)
  if (!stored) throw new Error(`There is no archive: ${newest?.state} ${newest?.failure ?? ""}`)

  const bytes = new Uint8Array(await new Response(stored.body()).arrayBuffer())
  const files = unzipSync(bytes)
  const textOf = (path: string) => new TextDecoder().decode(files[path])
  return {
    bytes,
    files,
    paths: Object.keys(files),
    textOf,
    // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it.
    json: (path: string): any => JSON.parse(textOf(path)),
  }
}

/** Makes what was asked for. */
export function makeArchives({ chat }: Pick<TestChat, "chat">, isStopped?: () => boolean, now = new Date()) {
  return chat.workers.get(exportDuty).run(now, isStopped)
}
