import type { StorageFailure } from "../db/failures.ts"

/** What users read while files cannot be stored or read. */
export const filesUnavailable =
  "Files cannot be stored or read right now. What you wrote is kept; try again soon"

/** Of the file system, see `errno(3)`. */
const diskCauses: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EROFS: "the disk may not be written",
  EACCES: "the server's user may not use the folder",
  EPERM: "the server's user may not use the folder",
  ENOTDIR: "FILES_URL names no folder",
  EIO: "the disk cannot be read or written",
}

/** Of Bun's S3 client, and of S3 itself. */
const s3Causes: Record<string, string> = {
  ConnectionRefused: "S3 cannot be reached",
  ConnectionClosed: "S3 cannot be reached",
  DNSResolveFailed: "S3 cannot be reached",
  Timeout: "S3 cannot be reached",
  AccessDenied: "S3 refuses the access key or the bucket",
  InvalidAccessKeyId: "S3 refuses the access key",
  SignatureDoesNotMatch: "S3 refuses the secret key",
  NoSuchBucket: "there is no such bucket",
}

/** Why files cannot be stored or read, when that caused an error; `undefined` when it has another cause. */
export function fileFailure(error: unknown): StorageFailure | undefined {
  if (!(error instanceof Error && "code" in error)) return undefined

  const code = String(error.code)
  const cause = error.name === "S3Error" ? (s3Causes[code] ?? "S3 failed") : diskCauses[code]
  return cause ? { code, cause } : undefined
}
