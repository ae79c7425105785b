import { dirname, join } from "node:path"
import type { z } from "zod"
import { pathOf } from "./values.ts"
import { ServerVariables } from "./variables.ts"

/** Where uploaded files are stored: a folder, or a bucket of an S3-compatible service. */
export type StorageConfig = { folder: string } | S3Config

/** A bucket and its credentials. */
export interface S3Config {
  bucket: string
  /** Prefix of all keys, such as `chat/`; empty for the whole bucket. */
  prefix: string
  endpoint?: string
  region?: string
  accessKeyId: string
  secretAccessKey: string
}

/** The variables about storage alone. */
export const StorageVariables = ServerVariables.pick({
  FILES_URL: true,
  S3_ENDPOINT: true,
  S3_REGION: true,
  S3_ACCESS_KEY_ID: true,
  S3_SECRET_ACCESS_KEY: true,
})

/** The storage that the variables describe. Throws an Error when `s3://` has no credentials. */
export function storageFrom(data: z.infer<typeof StorageVariables>, databasePath: string): StorageConfig {
  const { FILES_URL: url, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = data
  if (!url) return { folder: join(dirname(databasePath), "files") }
  if (!url.startsWith("s3://")) return { folder: pathOf(url) }
  if (!accessKeyId || !secretAccessKey) {
    throw new Error("FILES_URL is an s3:// URL, so S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY must be set")
  }

  const [bucket = "", ...folders] = url.slice("s3://".length).split("/")
  const prefix = folders
    .filter((folder) => folder !== "")
    .map((folder) => `${folder}/`)
    .join("")
  const { S3_ENDPOINT: endpoint, S3_REGION: region } = data
  return { bucket, prefix, endpoint, region, accessKeyId, secretAccessKey }
}
