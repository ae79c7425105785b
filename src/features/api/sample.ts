/** Ids for the examples. A test replaces them with those of a running server. */
export const sample = {
  serverId: "3f0e8f6e-5c7b-4c52-9a55-0d8f5b1c7a10",
  channelId: "8a4f1c1e-2f6d-4d0a-b1a3-7e6c9d2b4f51",
  /** An empty category of the server. */
  categoryId: "1d7c2b3a-4e5f-4a69-8b7c-9d0e1f2a3b46",
  /** The first message in that channel is alice's, the second bob's. */
  messageId: "c2b9a7d4-1e53-4b7f-8c46-9f0a3d5e6b72",
  bobsMessageId: "6d1f2a3b-9c84-4e05-a7d6-1b2c3d4e5f60",
  /** The id of something that an example creates. */
  newId: "f47ac10b-58cc-4372-a567-0e02b2c3d479",
  aliceId: "b7e23ec2-9af0-4d1c-8b6a-52d3c1f0e984",
  bobId: "0a9d8c7b-6e5f-4a3b-92c1-d0e1f2a3b4c5",
  malloryId: "5e4d3c2b-1a09-4f8e-b7d6-c5b4a3928170",
  /** A user who is banned from the server. */
  doraId: "91c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d5e",
  /** A picture that alice uploaded to the channel and has not sent yet. */
  fileId: "d0c1b2a3-9485-4766-8574-839201a0b1c2",
  /** A group conversation of alice and bob. */
  groupId: "7b1e4c9d-2a6f-4d38-b5c0-9e8d7f6a5b41",
  /** A role of the server, which bob has. */
  roleId: "1d7c6b5a-4f3e-4d2c-8b1a-09f8e7d6c5b4",
  /** The code of an invite to the server. */
  code: "Zk3vQ9xLr2",
  /** Another session of alice. */
  sessionId: "2c3d4e5f-6a7b-4c8d-9e0f-a1b2c3d4e5f6",
  /** A bot of alice, the id of its token, and an incoming and an outgoing webhook of the channel. */
  botId: "d41b6a5e-8f7c-4e2d-9b3a-7c6f5e4d3b2a",
  botTokenId: "a8f5c2e1-3b6d-4d9f-8e7a-1c0b9d8e7f6a",
  webhookId: "e5d4c3b2-a190-4f8e-97d6-c5b4a3f28e71",
  hookId: "b7c8d9e0-1f2a-4b3c-8d4e-5f6a7b8c9d0e",
  webhookToken: "Qm7Rk2Xw9Zb4Nt6Vd1Gs8Hj3Lf5Pc0Ya-TqEuIoSiDpFgWxKzCvBnM2",
  /** A message sent by the webhook. */
  webhookMessageId: "4c3b2a19-8f7e-4d6c-a5b4-93827160f5e4",
  /** The preview of a link in bob's message. */
  previewId: "c9d8e7f6-5a4b-4c3d-9e2f-1a0b9c8d7e6f",
  /** An act of alice, a slow mode of the channel, that she can still undo. */
  undoId: "1f2e3d4c-5b6a-4798-8a0b-c1d2e3f4a5b6",
  token: "jB2nTq0xVfYc8sLw4mZkR7eHd1uPaG9o",
  at: "2026-03-14T15:09:26.535Z",
} as const

/** A time that is still to come: the start of the next month. */
export const sampleLater = startOfNextMonth(new Date())

function startOfNextMonth(now: Date): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)).toISOString()
}

export const sampleServer = {
  id: sample.serverId,
  name: "Lab",
  ownerId: sample.aliceId,
  description: "",
  iconUrl: null,
  bannerUrl: null,
  createdAt: sample.at,
}

export const sampleChannel = {
  id: sample.channelId,
  serverId: sample.serverId,
  name: "general",
  topic: "",
  categoryId: null,
  position: 0,
  isPrivate: false,
  isReadOnly: false,
  isSynced: false,
  archivedAt: null,
  createdAt: sample.at,
}

export const sampleCategory = {
  id: sample.categoryId,
  serverId: sample.serverId,
  name: "Projects",
  position: 0,
  createdAt: sample.at,
}

/** alice's message. */
export const sampleMessage = {
  id: sample.messageId,
  serverId: sample.serverId,
  channelId: sample.channelId,
  userId: sample.aliceId,
  username: "alice",
  displayName: null,
  avatarUrl: null,
  nickname: null,
  content: "Hello!",
  createdAt: sample.at,
  editedAt: null,
  deletedAt: null,
  position: 1,
  ordinal: 1,
  seq: 1,
  extras: null,
  names: null,
}

/** bob's message. */
export const sampleReply = {
  ...sampleMessage,
  id: sample.bobsMessageId,
  userId: sample.bobId,
  username: "bob",
  content: "Hi, Alice.",
  position: 2,
  ordinal: 2,
  seq: 2,
}
