/**
 * WebSocket close codes by the HTTP status they stand for. Clients reconnect after 1012 and 1013, and not after the
 * others. Pure, because the browser's modules import it too.
 */
export const closeCodes = {
  503: 1012,
  429: 1013,
  400: 4400,
  401: 4401,
  403: 4403,
  404: 4404,
  409: 4409,
} as const
