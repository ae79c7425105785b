import { byManagers, byMembers, byModerators, bySignedIn, newName, type Rules } from "./rule.ts"

/** What moderators do. */
export const moderationRules = {
  getAuditLog: { inputs: ({ serverId }) => ({ serverId }), ...byManagers },
  reportMessage: {
    inputs: ({ messageId }) => ({ messageId, reason: "Advertising" }),
    ...byMembers,
    allowed: "alice",
    outsider: 404,
  },
  getMyReports: { inputs: () => null, ...bySignedIn },
  getReports: { inputs: ({ serverId }) => ({ serverId }), ...byModerators },
  getReport: { inputs: ({ reportId }) => ({ reportId }), ...byModerators, outsider: 404 },
  claimReport: { inputs: ({ reportId }) => ({ reportId }), ...byModerators, outsider: 404 },
  closeReport: {
    inputs: ({ reportId }) => ({ reportId, outcome: "dismissed" }),
    ...byModerators,
    outsider: 404,
  },
  getAutomodRules: { inputs: ({ serverId }) => ({ serverId }), ...byManagers },
  createAutomodRule: {
    inputs: ({ serverId }) => ({
      serverId,
      name: newName,
      trigger: { kind: "invites" },
      actions: [{ kind: "block" }],
    }),
    ...byManagers,
  },
  updateAutomodRule: { inputs: ({ ruleId }) => ({ ruleId, name: newName }), ...byManagers, outsider: 404 },
  deleteAutomodRule: { inputs: ({ ruleId }) => ({ ruleId }), ...byManagers, outsider: 404 },
  testAutomodRule: { inputs: ({ serverId }) => ({ serverId, text: "hello" }), ...byManagers },
  getBans: { inputs: ({ serverId }) => ({ serverId }), ...byModerators },
  banMember: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId }),
    ...byModerators,
    need: "ranking",
  },
  // Leaves out those who are not below.
  banMembers: { inputs: ({ serverId, bobId }) => ({ serverId, userIds: [bobId] }), ...byModerators },
  timeOutMember: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, seconds: 60 }),
    ...byModerators,
    need: "ranking",
  },
  // Of a member without roles.
  endTimeout: { inputs: ({ serverId, timedOutId }) => ({ serverId, userId: timedOutId }), ...byModerators },
  getTimeouts: { inputs: ({ serverId }) => ({ serverId }), ...byModerators },
  setSlowMode: { inputs: ({ channelId }) => ({ channelId, seconds: 30 }), ...byManagers },
  lockChannel: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  unlockChannel: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  bulkDeleteMessages: {
    inputs: ({ channelId, messageId }) => ({ channelId, messageIds: [messageId] }),
    ...byModerators,
  },
  purgeMessages: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, limit: 10 }),
    ...byModerators,
  },
  setNickname: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, nickname: "Bobby" }),
    ...byMembers,
    need: "ranking",
  },
  // Only the moderator who acted can undo; everyone else gets the answer for an expired act.
  undoAct: { inputs: ({ undoId }) => ({ undoId }), ...byModerators, need: "all" },
  unbanMember: { inputs: ({ serverId, doraId }) => ({ serverId, userId: doraId }), ...byModerators },
} satisfies Partial<Rules>
