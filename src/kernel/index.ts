export type { ClientConnectResult } from "./client/calls.ts"
export { CovenantClient, type CovenantClientOptions, type SubscribeOptions } from "./client/client.ts"
export { GapError, type MessageStream } from "./client/message-stream.ts"
export { closeCodes } from "./close-codes.ts"
export * from "./declare.ts"
export * from "./define.ts"
export { Feed, type FeedGroup, type FeedLog, type FeedReader } from "./feed.ts"
export { inputFromFields, inputFromJson } from "./json.ts"
export { ChannelFaultError } from "./requests.ts"
export {
  type ChannelFault,
  type Fault,
  type Issue,
  type OnUnexpected,
  type ProcedureError,
  type ProcedureResult,
  procedureErrorOf,
  Refusal,
} from "./result.ts"
export { directClientToServer } from "./server/direct.ts"
export { CovenantServer, type CovenantServerOptions } from "./server/server.ts"
export type { MayListen } from "./sidekick/client.ts"
export type {
  Connection,
  ConnectionFilter,
  ConnectionHooks,
  ConnectionSelector,
  EvictReason,
  ServerCallback,
} from "./sidekick/hub.ts"
export type { LogCallback } from "./sidekick/log-topics.ts"
export { InternalSidekick, type InternalSidekickOptions, type SidekickStats } from "./sidekick/sidekick.ts"
export type { Gap } from "./sidekick/subscriptions.ts"
export { type Params, resourceTopic, topicOf } from "./topic.ts"
export * from "./wire.ts"
