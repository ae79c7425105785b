import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync } from "node:fs"
import { join } from "node:path"
import { sync } from "./sync.ts"

/** Path of the folder with a backup's uploaded files. */
export const filesOf = (backup: string) => `${backup}.files`

/**
 * Adds a folder's files to another folder, without replacing any, and returns how many were added. Files are
 * immutable, so on the same disk they are hard-linked, which takes no time and no space; otherwise they are copied.
 */
export function shareFiles(from: string, to: string): number {
  let shared = 0
  for (const kind of foldersIn(from)) {
    for (const shard of foldersIn(join(from, kind))) {
      const [source, target] = [join(from, kind, shard), join(to, kind, shard)]
      mkdirSync(target, { recursive: true, mode: 0o700 })
      const known = new Set(readdirSync(target))
      const missing = readdirSync(source).filter((name) => !known.has(name))
      for (const name of missing) if (share(join(source, name), join(target, name))) shared++
      if (missing.length > 0) sync(target)
    }
  }
  return shared
}

function foldersIn(path: string): string[] {
  if (!existsSync(path)) return []

  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

function share(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (isMissing(error)) return false
  }
  try {
    // Renamed once it is complete, so an interrupted copy leaves no partial file under the final name.
    copyFileSync(from, `${to}.partial`)
    sync(`${to}.partial`)
    renameSync(`${to}.partial`, to)
    return true
  } catch (error) {
    // Deleted in the meantime, together with its message.
    if (isMissing(error)) return false
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT"
}
