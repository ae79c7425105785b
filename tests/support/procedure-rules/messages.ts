import { byBob, byManagers, byMembers, byModerators, bySignedIn, type Rules } from "./rule.ts"

/** Messages and what belongs to them. */
export const messageRules = {
  removePreview: {
    inputs: ({ messageId, previewId }) => ({ messageId, previewId }),
    ...byBob,
    need: "moderating",
  },
  getMessages: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  editMessage: { inputs: ({ messageId }) => ({ messageId, content: "edited" }), ...byBob },
  deleteMessage: { inputs: ({ messageId }) => ({ messageId }), ...byBob, need: "moderating" },
  addReaction: { inputs: ({ messageId }) => ({ messageId, emoji: "👍" }), ...byBob, need: "active" },
  removeReaction: { inputs: ({ messageId }) => ({ messageId, emoji: "👍" }), ...byBob, need: "active" },
  toggleReaction: { inputs: ({ messageId }) => ({ messageId, emoji: "👍" }), ...byBob, need: "active" },
  votePoll: {
    inputs: ({ messageId }) => ({ messageId, answers: [1] }),
    ...byModerators,
    outsider: 404,
    need: "active",
  },
  togglePollVote: {
    inputs: ({ messageId }) => ({ messageId, answer: 0 }),
    ...byModerators,
    outsider: 404,
    need: "active",
  },
  endPoll: { inputs: ({ messageId }) => ({ messageId }), ...byBob, need: "moderating" },
  getPollVoters: { inputs: ({ messageId }) => ({ messageId, answer: 0 }), ...byMembers, outsider: 404 },
  createThread: { inputs: ({ messageId }) => ({ messageId }), ...byBob, need: "active" },
  getThreads: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  pinMessage: { inputs: ({ messageId }) => ({ messageId }), ...byManagers, outsider: 404 },
  unpinMessage: { inputs: ({ messageId }) => ({ messageId }), ...byManagers, outsider: 404 },
  getPins: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  saveMessage: { inputs: ({ messageId }) => ({ messageId }), ...byMembers, outsider: 404 },
  unsaveMessage: { inputs: ({ messageId }) => ({ messageId }), ...byMembers, outsider: 404 },
  searchMessages: { inputs: () => ({ query: "hello" }), ...bySignedIn },
  getSavedMessages: { inputs: () => ({}), ...bySignedIn },
  getReactions: { inputs: ({ messageId }) => ({ messageId, emoji: "👍" }), ...byMembers, outsider: 404 },
  getMessageHistory: { inputs: ({ messageId }) => ({ messageId }), ...byMembers, outsider: 404 },
  describeFile: { inputs: ({ fileId }) => ({ fileId, alt: "a cat" }), ...byBob },
  discardFile: { inputs: ({ fileId }) => ({ fileId }), ...byBob },
} satisfies Partial<Rules>
