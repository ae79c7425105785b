/** Allows only local paths to go to: `//evil.example` and `/\evil.example` would lead to another host. */
export function localPath(path: string): string {
  return /^\/(?![/\\])[^\\\s]*$/.test(path) ? path : "/"
}
