import type { RouteTable } from "./routes.ts"

/** Largest body of a form, in bytes: 2,000 characters and everything around them, percent-encoded. */
const maxFormBytes = 64 * 1024

/** So much beyond the largest body is still answered with a page; then Bun answers by itself, without a word. */
const answeredBytes = 4 * 1024 * 1024

/** The largest body that is answered at all, as forms with files may be that large. */
export function maxAnsweredBytes(maxUploadBytes: number): number {
  return maxUploadBytes + answeredBytes
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/** Checks a request's body by its headers, before anything of it is read. Returns what is wrong with it. */
export function bodyFault(
  request: Request,
  routes: Pick<RouteTable, "traitsOf">,
  maxUploadBytes: number,
): { status: number; message: string } | undefined {
  const { method, headers } = request
  if (safeMethods.has(method)) return undefined

  const length = headers.get("content-length")
  // Of unknown length, it would have to be taken in to learn that it is too long.
  if (length === null && headers.has("transfer-encoding")) {
    return { status: 411, message: "This request does not say how long it is: send a Content-Length" }
  }
  if (Number(length) <= maxFormBytes) return undefined

  const { upload, maxBodyBytes = maxFormBytes } = routes.traitsOf(request)
  if (Number(length) <= maxBodyBytes) return undefined

  const isUpload = headers.get("content-type")?.toLowerCase().startsWith("multipart/form-data")
  if (isUpload && upload) {
    if (Number(length) <= maxUploadBytes) return undefined
    const megabytes = Math.floor(maxUploadBytes / 1024 ** 2)
    return {
      status: 413,
      message: `These files are too large to be sent together: at most ${megabytes} MB. Go back and send fewer`,
    }
  }
  return {
    status: 413,
    message: `This form is too large: at most ${maxFormBytes / 1024} KB. Go back, shorten it, and send it again`,
  }
}
