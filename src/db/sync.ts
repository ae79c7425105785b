import { closeSync, fsyncSync, openSync } from "node:fs"

/** Until a file's content, or a folder's names, survive power loss. */
export function sync(path: string): void {
  const descriptor = openSync(path, "r")
  fsyncSync(descriptor)
  closeSync(descriptor)
}
