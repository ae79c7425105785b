export type { ClientConnectResult } from "./calls.ts"
export { CovenantClient, type CovenantClientOptions, type SubscribeOptions } from "./client.ts"
export * from "./declare.ts"
export * from "./define.ts"
export { directClientToServer } from "./direct.ts"
export { Feed, type FeedGroup, type FeedLog, type FeedReader } from "./feed.ts"
export type {
  Connection,
  ConnectionFilter,
  ConnectionHooks,
  ConnectionSelector,
  EvictReason,
  ServerCallback,
} from "./hub.ts"
export { inputFromFields, inputFromJson } from "./json.ts"
export type { LogCallback } from "./logTopics.ts"
export { GapError, type MessageStream } from "./messageStream.ts"
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
export { CovenantServer, type CovenantServerOptions } from "./server.ts"
export { InternalSidekick, type InternalSidekickOptions, type SidekickStats } from "./sidekick.ts"
export type { MayListen } from "./sidekickClient.ts"
export type { Gap } from "./subscriptions.ts"
export { type Params, resourceTopic, topicOf } from "./topic.ts"
export * from "./wire.ts"
