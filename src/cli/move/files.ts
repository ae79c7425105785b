import type { FileStorage } from "../../features/files/storage.ts"
import { fileKind } from "../../features/files/sweeper.ts"
import { pictureKind } from "../../features/previews/previews.ts"

/** Copies all files that are not there yet; returns how many. The bytes of a key never change. */
export async function copyFiles(from: FileStorage, to: FileStorage): Promise<number> {
  let copied = 0
  for (const kind of [fileKind, pictureKind]) {
    for await (const { key } of from.list(kind)) {
      if (await to.get(key)) continue
      const file = await from.get(key)
      if (!file) continue
      await to.put(key, await new Response(file.body()).bytes())
      copied++
    }
  }
  return copied
}
