import { writeFileSync } from "node:fs"
import { join } from "node:path"

/** More distinct paths than the page cache has entries, so that every request misses it. */
const pathCount = 20_000

/** Writes a list of paths for the load generator, one for each number; returns the file's path. */
export function writePathList(folder: string, name: string, pathOf: (number: number) => string): string {
  const file = join(folder, name)
  writeFileSync(file, `${Array.from({ length: pathCount }, (_, i) => pathOf(i)).join("\n")}\n`)
  return file
}

/** A path to a random page of history. */
export function randomHistoryPath(path: string, messages: number): string {
  return `${path}?before=${Math.ceil(Math.random() * messages)}`
}
