import { byManagers, byMembers, byOwner, bySignedIn, newName, type Rules } from "./rule.ts"

/** Channels and categories, with their bots and webhooks. */
export const channelRules = {
  getBots: { inputs: () => null, ...bySignedIn },
  createBot: { inputs: () => ({ username: "helper" }), ...bySignedIn },
  deleteBot: { inputs: ({ botId }) => ({ botId }), ...byOwner, outsider: 404 },
  createBotToken: { inputs: ({ botId }) => ({ botId }), ...byOwner, outsider: 404 },
  revokeBotToken: { inputs: ({ tokenId }) => ({ tokenId }), ...byOwner, outsider: 404 },
  addBot: { inputs: ({ serverId, botId }) => ({ serverId, botId }), ...byOwner },
  getChannels: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  createChannel: { inputs: ({ serverId }) => ({ serverId, name: newName }), ...byManagers },
  renameChannel: { inputs: ({ channelId }) => ({ channelId, name: newName }), ...byManagers },
  deleteChannel: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  getArchivedChannels: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  updateChannel: { inputs: ({ channelId }) => ({ channelId, topic: "News" }), ...byManagers },
  setChannelAccess: { inputs: ({ channelId }) => ({ channelId, isPrivate: true }), ...byManagers },
  archiveChannel: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  unarchiveChannel: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  getCategories: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  createCategory: { inputs: ({ serverId }) => ({ serverId, name: newName }), ...byManagers },
  renameCategory: { inputs: ({ categoryId }) => ({ categoryId, name: newName }), ...byManagers },
  deleteCategory: { inputs: ({ categoryId }) => ({ categoryId }), ...byManagers },
  collapseCategory: { inputs: ({ categoryId }) => ({ categoryId }), ...byMembers },
  expandCategory: { inputs: ({ categoryId }) => ({ categoryId }), ...byMembers },
  moveChannels: {
    inputs: ({ serverId, channelId }) => ({
      serverId,
      channels: [{ id: channelId, position: 3, categoryId: null }],
    }),
    ...byManagers,
  },
  getWebhooks: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  createWebhook: { inputs: ({ channelId }) => ({ channelId, name: newName }), ...byManagers },
  renewWebhook: { inputs: ({ webhookId }) => ({ webhookId }), ...byManagers, outsider: 404 },
  deleteWebhook: { inputs: ({ webhookId }) => ({ webhookId }), ...byManagers, outsider: 404 },
  getOutgoingWebhooks: { inputs: ({ channelId }) => ({ channelId }), ...byManagers },
  createOutgoingWebhook: {
    inputs: ({ channelId }) => ({ channelId, url: "https://hook.example/" }),
    ...byManagers,
  },
  retryOutgoingWebhook: { inputs: ({ hookId }) => ({ webhookId: hookId }), ...byManagers, outsider: 404 },
  deleteOutgoingWebhook: { inputs: ({ hookId }) => ({ webhookId: hookId }), ...byManagers, outsider: 404 },
} satisfies Partial<Rules>
