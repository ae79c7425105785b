import { byManagers, byMembers, newName, type Rules } from "./rule.ts"

/** Roles and permissions. */
export const roleRules = {
  explainPermissions: {
    inputs: ({ channelId, bobId }) => ({ channelId, userId: bobId }),
    ...byManagers,
    allowed: "bob",
  },
  viewServerAs: { inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId }), ...byManagers },
  previewPermissionChange: {
    inputs: ({ serverId }) => ({ serverId, change: { kind: "role", roleId: serverId, permissions: "0" } }),
    ...byManagers,
  },
  getRoles: { inputs: ({ serverId }) => ({ serverId }), ...byMembers },
  createRole: { inputs: ({ serverId }) => ({ serverId, name: newName }), ...byManagers },
  updateRole: { inputs: ({ serverId, roleId }) => ({ serverId, roleId, name: newName }), ...byManagers },
  deleteRole: { inputs: ({ serverId, roleId }) => ({ serverId, roleId }), ...byManagers },
  moveRoles: {
    inputs: ({ serverId, roleId }) => ({ serverId, positions: [{ id: roleId, position: 2 }] }),
    ...byManagers,
  },
  giveRole: { inputs: ({ serverId, roleId, bobId }) => ({ serverId, roleId, userId: bobId }), ...byManagers },
  takeRole: { inputs: ({ serverId, roleId, bobId }) => ({ serverId, roleId, userId: bobId }), ...byManagers },
  getOverwrites: { inputs: ({ serverId, channelId }) => ({ serverId, channelId }), ...byManagers },
  setOverwrite: {
    inputs: ({ serverId, channelId, bobId }) => ({
      ...{ serverId, channelId, id: bobId, type: 1, allow: "0", deny: "2048" },
    }),
    ...byManagers,
  },
  deleteOverwrite: {
    inputs: ({ serverId, channelId, roleId }) => ({ serverId, channelId, id: roleId }),
    ...byManagers,
  },
  syncOverwrites: {
    inputs: ({ serverId, groupedId }) => ({ serverId, channelId: groupedId }),
    ...byManagers,
  },
} satisfies Partial<Rules>
