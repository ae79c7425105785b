import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync } from "node:fs"
import { join } from "node:path"
import { sync } from "./sync.ts"

/** Where a backup of a database has the files that belong to it. */
export const filesOf = (backup: string) => `${backup}.files`

/**
 * Gives the files of a folder to another as well; what is there already stays. A file never changes, so on one disk
 * both may hold the same one, which takes no time and no room; to another it is copied. Returns how many are new.
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
    // There is nothing half under its name, whenever this is interrupted.
    copyFileSync(from, `${to}.partial`)
    sync(`${to}.partial`)
    renameSync(`${to}.partial`, to)
    return true
  } catch (error) {
    // Its message was deleted a moment ago.
    if (isMissing(error)) return false
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT"
}
