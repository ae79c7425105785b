import { byBob, byMembers, byModerators, byOwner, bySignedIn, newName, type Rules } from "./rule.ts"

/** Conversations, profiles and settings. */
export const peopleRules = {
  getConversations: { inputs: () => null, ...bySignedIn },
  getPeople: { inputs: () => ({ search: "" }), ...bySignedIn },
  openConversation: { inputs: ({ bobId }) => ({ userIds: [bobId] }), ...byModerators, need: "all" },
  addToConversation: {
    inputs: ({ groupId, bobId }) => ({ conversationId: groupId, userIds: [bobId] }),
    ...byOwner,
    outsider: 404,
  },
  renameConversation: {
    inputs: ({ groupId }) => ({ conversationId: groupId, name: newName }),
    ...byOwner,
    outsider: 404,
  },
  leaveConversation: { inputs: ({ groupId }) => ({ conversationId: groupId }), ...byOwner, outsider: 404 },
  getSettings: { inputs: () => null, ...bySignedIn },
  updateSettings: { inputs: () => ({ theme: "dark" as const }), ...bySignedIn },
  getProfile: { inputs: ({ bobId }) => ({ userId: bobId }), ...byMembers, allowed: "alice", outsider: 404 },
  updateProfile: { inputs: () => ({ displayName: "Somebody" }), ...bySignedIn },
  // Only bob has uploaded it.
  setAvatar: { inputs: ({ fileId }) => ({ fileId }), ...byBob },
  removeAvatar: { inputs: () => null, ...bySignedIn },
  setStatus: { inputs: () => ({ text: "here" }), ...bySignedIn },
  setPresence: { inputs: () => ({ presence: "idle" as const }), ...bySignedIn },
  getNote: { inputs: ({ bobId }) => ({ userId: bobId }), ...byMembers, allowed: "alice", outsider: 404 },
  setNote: {
    inputs: ({ bobId }) => ({ userId: bobId, text: "a note" }),
    ...byMembers,
    allowed: "alice",
    outsider: 404,
  },
  getBlockedUsers: { inputs: () => null, ...bySignedIn },
  blockUser: { inputs: ({ bobId }) => ({ userId: bobId }), ...bySignedIn, allowed: "alice", outsider: 404 },
  unblockUser: { inputs: ({ doraId }) => ({ userId: doraId }), ...byBob },
} satisfies Partial<Rules>
