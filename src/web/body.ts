/** Largest body of a form, in bytes: 2,000 characters and everything around them, percent-encoded. */
const maxBodyBytes = 64 * 1024

/** Up to here a body that is too large is answered with a page; beyond it Bun answers by itself, without a word. */
export const maxAnsweredBytes = 4 * 1024 * 1024

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"])

/** What is wrong with a request's body, told by its head: nothing of it has been read. */
export function bodyFault({ method, headers }: Request): { status: number; message: string } | undefined {
  if (safeMethods.has(method)) return undefined

  const length = headers.get("content-length")
  // Of unknown length, it would have to be taken in to learn that it is too long.
  if (length === null && headers.has("transfer-encoding")) {
    return { status: 411, message: "This request does not say how long it is: send a Content-Length" }
  }
  if (Number(length) <= maxBodyBytes) return undefined

  return {
    status: 413,
    message: `This is more than fits into one form (${maxBodyBytes / 1024} KB). Go back, shorten it, and send it again`,
  }
}
