export { type HttpOptions, httpClientToServer } from "./http.ts"
export { httpServerToSidekick } from "./sidekick.ts"
export { httpClientToSidekick, type SocketOptions } from "./socket.ts"
