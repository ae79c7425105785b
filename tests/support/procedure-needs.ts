import type { covenant } from "../../src/covenant.ts"

/**
 * What a procedure requires of its caller, with the inputs of `procedure-rules.ts`: about alice's server, a
 * message and a file of bob, and bob himself.
 */
export type Need =
  /** Nothing: the call is about the account or the conversations of the caller. */
  | "all"
  /** To be a member who views the channel. */
  | "member"
  /** And not to be timed out. */
  | "active"
  /** And to be allowed to send. */
  | "sending"
  /** A permission that the moderators have. */
  | "moderating"
  /** And to have a higher role than bob. */
  | "ranking"
  /** A permission that only administrators have. */
  | "managing"
  | "owning"
  /** To be the author, who is in none of the columns. */
  | "nobody"

/** Names every procedure: a test fails otherwise. */
export const needs: Partial<Record<keyof typeof covenant.procedures, Need>> = {
  login: "all",
  signUp: "all",
  getInstance: "all",
  setUpInstance: "all",
  resetPassword: "all",
  getBlockedUsers: "all",
  getBots: "all",
  createBot: "all",
  getConversations: "all",
  getPeople: "all",
  getInvite: "all",
  getUnread: "all",
  getMyReports: "all",
  getSavedMessages: "all",
  searchMessages: "all",
  getServers: "all",
  createServer: "all",
  getSessions: "all",
  getSettings: "all",
  updateSettings: "all",
  changePassword: "all",
  deleteAccount: "all",
  logout: "all",
  revokeOtherSessions: "all",
  joinServer: "all",
  blockUser: "all",
  openConversation: "all",

  getCategories: "member",
  collapseCategory: "member",
  expandCategory: "member",
  getChannels: "member",
  getArchivedChannels: "member",
  getMembers: "member",
  leaveServer: "member",
  getMessages: "member",
  getPins: "member",
  getPollVoters: "member",
  getReactions: "member",
  markRead: "member",
  markChannelRead: "member",
  markServerRead: "member",
  markUnread: "member",
  getRoles: "member",
  reportMessage: "member",
  saveMessage: "member",
  unsaveMessage: "member",
  getThreads: "member",
  getMessageHistory: "member",

  createInvite: "active",
  getInvites: "active",
  createThread: "active",
  addReaction: "active",
  removeReaction: "active",
  toggleReaction: "active",

  votePoll: "active",
  togglePollVote: "active",

  getBans: "moderating",
  unbanMember: "moderating",
  deleteMessage: "moderating",
  endPoll: "moderating",
  removePreview: "moderating",
  getReports: "moderating",
  getReport: "moderating",
  claimReport: "moderating",
  closeReport: "moderating",

  banMember: "ranking",
  removeMember: "ranking",

  getAuditLog: "managing",
  getAutomodRules: "managing",
  createAutomodRule: "managing",
  updateAutomodRule: "managing",
  deleteAutomodRule: "managing",
  testAutomodRule: "managing",
  createCategory: "managing",
  renameCategory: "managing",
  deleteCategory: "managing",
  moveChannels: "managing",
  createChannel: "managing",
  updateChannel: "managing",
  renameChannel: "managing",
  setChannelAccess: "managing",
  archiveChannel: "managing",
  unarchiveChannel: "managing",
  deleteChannel: "managing",
  revokeInvite: "managing",
  getOverwrites: "managing",
  setOverwrite: "managing",
  deleteOverwrite: "managing",
  syncOverwrites: "managing",
  viewServerAs: "managing",
  previewPermissionChange: "managing",
  explainPermissions: "managing",
  pinMessage: "managing",
  unpinMessage: "managing",
  createRole: "managing",
  updateRole: "managing",
  deleteRole: "managing",
  moveRoles: "managing",
  giveRole: "managing",
  takeRole: "managing",
  renameServer: "managing",
  getWebhooks: "managing",
  createWebhook: "managing",
  renewWebhook: "managing",
  deleteWebhook: "managing",
  getOutgoingWebhooks: "managing",
  createOutgoingWebhook: "managing",
  retryOutgoingWebhook: "managing",
  deleteOutgoingWebhook: "managing",

  deleteServer: "owning",
  addBot: "owning",
  deleteBot: "owning",
  createBotToken: "owning",
  revokeBotToken: "owning",
  addToConversation: "owning",
  renameConversation: "owning",
  leaveConversation: "owning",

  editMessage: "nobody",
  describeFile: "nobody",
  discardFile: "nobody",
  revokeSession: "nobody",
  unblockUser: "nobody",

  // Leaves out those who are not below.
  banMembers: "moderating",
  timeOutMember: "ranking",
  // Of a member without roles.
  endTimeout: "moderating",
  setNickname: "ranking",
  getTimeouts: "moderating",
  getServerRetention: "managing",
  getChannelRetention: "managing",
  previewServerRetention: "managing",
  previewChannelRetention: "managing",
  setServerRetention: "managing",
  setChannelRetention: "managing",
  setSlowMode: "managing",
  lockChannel: "managing",
  unlockChannel: "managing",
  bulkDeleteMessages: "moderating",
  purgeMessages: "moderating",
  // Only the moderator who acted can undo; everyone else gets the answer for an expired act.
  undoAct: "all",

  getJoinSettings: "managing",
  updateJoinSettings: "managing",
  lockServer: "managing",
  unlockServer: "managing",
  getJoining: "member",
  acceptRules: "member",
  answerQuestions: "member",

  // Alice, who owns the server, also administrates the instance.
  getAllPeople: "owning",
  getPerson: "owning",
  approvePerson: "owning",
  refusePerson: "owning",
  suspendPerson: "owning",
  unsuspendPerson: "owning",
  deletePerson: "owning",
  endPersonSessions: "owning",
  createResetLink: "owning",
  setAdministrator: "owning",
  getAllServers: "owning",
  handOverServer: "owning",
  removeServer: "owning",
  getInvitations: "owning",
  createInvitation: "owning",
  revokeInvitation: "owning",
  updateInstance: "owning",
  updateLook: "owning",
  removeInstanceIcon: "owning",
  getStorage: "owning",
  getOperations: "owning",
  getConfiguration: "owning",
  getInstanceLog: "owning",

  updateServer: "managing",
  getSystemChannel: "member",
  setSystemChannel: "managing",
  removeServerIcon: "managing",
  removeServerBanner: "managing",
  getTransfer: "member",
  transferServer: "owning",
  acceptServer: "nobody",
  cancelTransfer: "owning",
}
