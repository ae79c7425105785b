import { closeSync, fsyncSync, openSync } from "node:fs"

/** Writes a file's content, or a folder's list of names, to the disk, so that it survives a power failure. */
export function sync(path: string): void {
  const descriptor = openSync(path, "r")
  fsyncSync(descriptor)
  closeSync(descriptor)
}
