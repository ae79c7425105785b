import { subscriptionKeys } from "../push.ts"
import { byBob, byMembers, bySignedIn, newName, type Rules, tomorrow } from "./rule.ts"

/** What is read, told and sent later. */
export const readingRules = {
  getPushSettings: { inputs: () => null, ...bySignedIn },
  updatePushSettings: { inputs: () => ({ isTextShown: false }), ...bySignedIn },
  getPushDevices: { inputs: () => null, ...bySignedIn },
  addPushDevice: {
    inputs: () => ({ ...subscriptionKeys, endpoint: "https://push.example.org/send/another" }),
    ...bySignedIn,
  },
  renamePushDevice: { inputs: ({ pushDeviceId: id }) => ({ id, name: newName }), ...byBob },
  testPushDevice: { inputs: ({ pushDeviceId: id }) => ({ id }), ...byBob },
  removePushDevice: { inputs: ({ pushDeviceId: id }) => ({ id }), ...byBob },
  createReminder: {
    inputs: ({ messageId }) => ({ messageId, dueAt: tomorrow() }),
    ...byMembers,
    outsider: 404,
  },
  getReminders: { inputs: () => null, ...bySignedIn },
  // Bob's.
  updateReminder: { inputs: ({ reminderId }) => ({ reminderId, note: "new" }), ...byBob },
  deleteReminder: { inputs: ({ reminderId }) => ({ reminderId }), ...byBob },
  scheduleMessage: {
    inputs: ({ channelId }) => ({ channelId, content: "later", dueAt: tomorrow() }),
    ...byMembers,
    need: "sending",
  },
  getScheduledMessages: { inputs: () => null, ...bySignedIn },
  updateScheduledMessage: { inputs: ({ scheduledId }) => ({ scheduledId, content: "new" }), ...byBob },
  cancelScheduledMessage: { inputs: ({ scheduledId }) => ({ scheduledId }), ...byBob },
  sendScheduledMessage: { inputs: ({ scheduledId }) => ({ scheduledId }), ...byBob },
  getFeeds: { inputs: () => null, ...bySignedIn },
  createFeed: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  deleteFeed: { inputs: ({ feedId }) => ({ feedId }), ...byBob },
  getMissedMails: { inputs: () => null, ...bySignedIn },
  setMissedMails: { inputs: () => ({ mails: "never" as const }), ...bySignedIn },
  getNotificationLevels: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  setNotificationLevels: {
    inputs: ({ serverId }) => ({ serverId, level: "everything" as const }),
    ...byMembers,
  },
  muteNotifications: { inputs: ({ categoryId }) => ({ categoryId, minutes: 60 as const }), ...byMembers },
  unmuteNotifications: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  getNotificationSettings: { inputs: () => null, ...bySignedIn },
  updateNotificationSettings: { inputs: () => ({ keywords: ["tea"] }), ...bySignedIn },
  getInbox: { inputs: () => ({}), ...bySignedIn },
  // Bob's.
  markDone: { inputs: ({ messageId }) => ({ messageId, reason: "mention" }), ...byBob },
  markUndone: { inputs: ({ messageId }) => ({ messageId, reason: "reply" }), ...byBob },
  markItemUnread: { inputs: ({ messageId }) => ({ messageId, reason: "reply" }), ...byBob },
  markAllRead: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  undoMarkAllRead: { inputs: ({ markedId }) => ({ undoId: markedId }), ...bySignedIn },
  followThread: { inputs: ({ threadId }) => ({ channelId: threadId }), ...byMembers },
  unfollowThread: { inputs: ({ threadId }) => ({ channelId: threadId }), ...byMembers },
  getFollowedThreads: { inputs: () => ({}), ...bySignedIn },
  getUnread: { inputs: () => null, ...bySignedIn },
  markChannelRead: { inputs: ({ channelId }) => ({ channelId }), ...byMembers },
  markServerRead: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  markUnread: { inputs: ({ messageId }) => ({ messageId }), ...byMembers, outsider: 404 },
  markRead: { inputs: ({ channelId }) => ({ channelId, position: 1 }), ...byMembers },
} satisfies Partial<Rules>
