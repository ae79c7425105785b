export { type HttpOptions, httpClientToServer } from "./http.ts"
export { type SocketOptions, socketClientToSidekick } from "./socket.ts"
