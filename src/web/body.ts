/** Largest body of a form, in bytes: 2,000 characters and everything around them, percent-encoded. */
const maxBodyBytes = 64 * 1024

/** So much beyond the largest body is still answered with a page; then Bun answers by itself, without a word. */
const answeredBytes = 4 * 1024 * 1024

/** The largest body that is answered at all, where forms with files may have so many bytes. */
export function maxAnsweredBytes(maxUploadBytes: number): number {
  return maxUploadBytes + answeredBytes
}

/** Where forms with files go: a message, or files for one; and what a webhook posts. */
const takesFiles =
  /^\/servers\/[^/]+\/channels\/[^/]+\/(files|messages)$|^\/api\/(v10\/)?webhooks\/[^/]+\/[^/]+$/

/** What others' programs tell of themselves at a webhook: more than people write. */
const takesEvents = /^\/api\/(v10\/)?webhooks\//
const maxEventBytes = 1024 * 1024

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/** What is wrong with a request's body, told by its head: nothing of it has been read. */
export function bodyFault(
  { method, headers, url }: Request,
  maxUploadBytes: number,
): { status: number; message: string } | undefined {
  if (safeMethods.has(method)) return undefined

  const length = headers.get("content-length")
  // Of unknown length, it would have to be taken in to learn that it is too long.
  if (length === null && headers.has("transfer-encoding")) {
    return { status: 411, message: "This request does not say how long it is: send a Content-Length" }
  }
  if (Number(length) <= maxBodyBytes) return undefined

  const { pathname } = new URL(url)
  if (takesEvents.test(pathname) && Number(length) <= maxEventBytes) return undefined

  const isUpload = headers.get("content-type")?.toLowerCase().startsWith("multipart/form-data")
  if (isUpload && takesFiles.test(pathname)) {
    if (Number(length) <= maxUploadBytes) return undefined
    const megabytes = Math.floor(maxUploadBytes / 1024 ** 2)
    return {
      status: 413,
      message: `These files are too large to be sent together: at most ${megabytes} MB. Go back and send fewer`,
    }
  }
  return {
    status: 413,
    message: `This is more than fits into one form (${maxBodyBytes / 1024} KB). Go back, shorten it, and send it again`,
  }
}
