/** Header of requests and responses that carries the request's id. */
export const requestIdHeader = "x-request-id"

/** Accepts ids of reverse proxies (UUID, ULID, hex) and keeps anything else out of the log. */
const pattern = /^[\w-]{8,64}$/

/** Returns the request's id. Keeps a valid one from the client or proxy, otherwise creates one and sets the header. */
export function assignRequestId({ headers }: Request): string {
  const given = headers.get(requestIdHeader)
  if (given && pattern.test(given)) return given

  const id = crypto.randomUUID()
  headers.set(requestIdHeader, id)
  return id
}

/** The id assigned to a request; a new one where there is no request. */
export function requestIdOf(request?: { headers: Headers }): string {
  return request?.headers.get(requestIdHeader) ?? crypto.randomUUID()
}
