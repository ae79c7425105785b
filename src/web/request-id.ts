/** Also what the answer carries, so that people and proxies can name the request they mean. */
export const requestIdHeader = "x-request-id"

/** What a proxy of one's own gives: a UUID, a ULID, hexadecimal digits. Anything else does not get into the log. */
const pattern = /^[\w-]{8,64}$/

/** Gives a request the id that its log lines and its answer carry: the one it brings, if that looks like one. */
export function giveRequestId({ headers }: Request): string {
  const brought = headers.get(requestIdHeader)
  if (brought && pattern.test(brought)) return brought

  const id = newRequestId()
  headers.set(requestIdHeader, id)
  return id
}

/** The id that a request was given; a new one for what no request asked for. */
export function requestIdOf(request?: { headers: Headers }): string {
  return request?.headers.get(requestIdHeader) ?? newRequestId()
}

function newRequestId(): string {
  return crypto.randomUUID()
}
