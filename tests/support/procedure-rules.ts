import type { covenant } from "../../src/covenant.ts"
import type { InputOf } from "../../src/kernel/index.ts"
import type { KnownPasskeys } from "./passkeys.ts"
import { subscriptionKeys } from "./push.ts"
import { appCode } from "./second-factors.ts"

// One call of each procedure of the contract, with who may make it. `tests/unit/procedures.test.ts` makes them.

type Procedures = typeof covenant.procedures
export type ProcedureName = keyof Procedures
/** Who calls: nobody is signed in, or the person with this name is. */
export type Caller = "anonymous" | "alice" | "bob" | "mallory"
/** Someone who administers the instance and is in no server, and a member who was suspended. */
export type OtherCaller = "administrator" | "suspended"

/** What the inputs of the calls are about. */
export interface Place {
  serverId: string
  channelId: string
  categoryId: string
  /** Alice's server that she offers to bob. */
  offeredId: string
  messageId: string
  bobId: string
  /** Alice's group, in which she is with dora. */
  groupId: string
  /** A role that has overwrites in the channel. */
  roleId: string
  /** A channel in the category. */
  groupedId: string
  /** A thread in the channel. */
  threadId: string
  /** When bob marked everything as read. */
  markedId: string
  /** Someone who is timed out. */
  timedOutId: string
  /** A lock of the channel by alice. */
  undoId: string
  /** Someone who is banned. */
  doraId: string
  /** One waits for an approval, the other is suspended. */
  wandaId: string
  sybilId: string
  /** To the instance. */
  invitationId: string
  announcementId: string
  /** The tokens with which these call; that of the suspended was one until then. */
  administrator: string
  suspended: string
  /** Bob's. */
  sessionId: string
  /** Alice's, and its token. */
  botId: string
  tokenId: string
  webhookId: string
  hookId: string
  previewId: string
  code: string
  /** Bob's, not sent yet. */
  fileId: string
  ruleId: string
  /** Bob's passkey, and answers of his browser. */
  passkeys: KnownPasskeys
  /** Bob's. */
  pushDeviceId: string
  reportId: string
  /** Bob's, still to come. */
  reminderId: string
  scheduledId: string
  feedId: string
  /** Bob is connected to it. */
  providerId: string
}

/** A call, a person who may make it, and the code with which others are refused; "welcome" where they are not. */
interface Rule<N extends ProcedureName> {
  inputs: (place: Place) => InputOf<Procedures[N]>
  allowed: Caller
  anonymous: 401 | "welcome"
  outsider: 400 | 403 | 404 | "welcome"
  /** Of administrators of the instance: what outsiders get, where not given. */
  administrator?: "welcome"
}

const name = "Renamed"
const tomorrow = () => new Date(Date.now() + 86_400_000)
/** Alice administers the instance; that she owns a server does not matter. */
const forAdministrators = {
  allowed: "alice",
  anonymous: 401,
  outsider: 403,
  administrator: "welcome",
} as const
export const [setUpToken, resetToken] = ["a token that sets up", "a token for a password"]
/** Bob's. */
export const recoveryCode = "BBBB-BBBB-BBBB-BBBB-BBBB"
/** Confirms an address of bob. */
export const verificationToken = "a token of an address"
/** A sign-in of bob between its two steps, his backup codes, and a browser that he trusts. */
export const loginStep = "a sign-in of bob"
export const factorCodes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"] as const
export const deviceId = "a browser of bob"
export const rules: { [N in ProcedureName]: Rule<N> } = {
  login: {
    inputs: () => ({ username: "alice", password: "password" }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  signUp: {
    inputs: () => ({ username: "emil", password: "password" }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  getInstance: { inputs: () => null, allowed: "anonymous", anonymous: "welcome", outsider: "welcome" },
  // Everyone who has the address.
  setUpInstance: {
    inputs: () => ({
      ...{ token: setUpToken, name, registration: "open", serverCreation: "everyone" },
      ...{ username: "fred", password: "a password" },
    }),
    allowed: "mallory",
    anonymous: "welcome",
    outsider: "welcome",
  },
  resetPassword: {
    inputs: () => ({ token: resetToken, newPassword: "another password" }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  recoverAccount: {
    inputs: () => ({ username: "bob", recoveryCode, newPassword: "another password" }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  getRecovery: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  changeUsername: {
    inputs: () => ({ username: "robert", password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  renewRecoveryCode: {
    inputs: () => ({ password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  // Bob has an address and the link for another one.
  getEmailAddress: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  setEmailAddress: {
    inputs: () => ({ address: "new@example.org", password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  verifyEmailAddress: {
    inputs: () => ({ token: verificationToken }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  removeEmailAddress: {
    inputs: () => ({ password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  requestPasswordReset: {
    inputs: () => ({ account: "bob" }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  getAllPeople: { inputs: () => ({}), ...forAdministrators },
  getPerson: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  approvePerson: { inputs: ({ wandaId }) => ({ userId: wandaId }), ...forAdministrators },
  refusePerson: { inputs: ({ wandaId }) => ({ userId: wandaId }), ...forAdministrators },
  suspendPerson: { inputs: ({ bobId }) => ({ userId: bobId, hours: 1 }), ...forAdministrators },
  unsuspendPerson: { inputs: ({ sybilId }) => ({ userId: sybilId }), ...forAdministrators },
  deletePerson: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  endPersonSessions: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  createResetLink: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  setAdministrator: {
    inputs: ({ bobId }) => ({ userId: bobId, isAdministrator: true }),
    ...forAdministrators,
  },
  removeSecondFactor: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  getPersonSessions: { inputs: ({ bobId }) => ({ userId: bobId }), ...forAdministrators },
  getPushSettings: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  updatePushSettings: {
    inputs: () => ({ isTextShown: false }),
    ...{ allowed: "bob", anonymous: 401, outsider: "welcome" },
  },
  getPushDevices: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  addPushDevice: {
    inputs: () => ({ ...subscriptionKeys, endpoint: "https://push.example.org/send/another" }),
    ...{ allowed: "bob", anonymous: 401, outsider: "welcome" },
  },
  renamePushDevice: {
    inputs: ({ pushDeviceId: id }) => ({ id, name }),
    ...{ allowed: "bob", anonymous: 401, outsider: 404 },
  },
  testPushDevice: {
    inputs: ({ pushDeviceId: id }) => ({ id }),
    ...{ allowed: "bob", anonymous: 401, outsider: 404 },
  },
  removePushDevice: {
    inputs: ({ pushDeviceId: id }) => ({ id }),
    ...{ allowed: "bob", anonymous: 401, outsider: 404 },
  },
  getPasskeys: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  beginPasskey: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  addPasskey: {
    inputs: ({ passkeys }) => ({ ...passkeys.adding, name }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  renamePasskey: {
    inputs: ({ passkeys: { id } }) => ({ id, name }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  removePasskey: {
    inputs: ({ passkeys: { id } }) => ({ id }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getSignUpWork: { inputs: () => null, allowed: "anonymous", anonymous: "welcome", outsider: "welcome" },
  beginPasskeyConfirmation: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: 404 },
  confirmByPasskey: {
    inputs: ({ passkeys }) => passkeys.confirming,
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  beginPasskeyLogin: {
    inputs: () => ({ loginStep: null }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  loginWithPasskey: {
    inputs: ({ passkeys }) => passkeys.login,
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  completeLogin: {
    inputs: () => ({ step: loginStep, code: factorCodes[0] }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  getSecondFactor: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  beginAuthenticator: {
    inputs: () => ({ password: "password" }),
    allowed: "alice",
    anonymous: 401,
    outsider: "welcome",
  },
  confirmAuthenticator: {
    inputs: () => ({ code: appCode() }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  removeAuthenticator: {
    inputs: () => ({ password: "password", code: factorCodes[1] }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  renewBackupCodes: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: 400 },
  revokeTrustedDevice: { inputs: () => ({ id: deviceId }), allowed: "bob", anonymous: 401, outsider: 404 },
  confirmIdentity: {
    inputs: () => ({ password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getSecondFactorRule: { inputs: () => null, ...forAdministrators },
  setSecondFactorRule: { inputs: () => ({ needsSecondFactor: false }), ...forAdministrators },
  getAllServers: { inputs: () => ({}), ...forAdministrators },
  handOverServer: { inputs: ({ serverId }) => ({ serverId, username: "bob" }), ...forAdministrators },
  removeServer: { inputs: ({ serverId }) => ({ serverId }), ...forAdministrators },
  getInvitations: { inputs: () => null, ...forAdministrators },
  createInvitation: { inputs: () => ({}), ...forAdministrators },
  revokeInvitation: { inputs: ({ invitationId }) => ({ id: invitationId }), ...forAdministrators },
  updateInstance: {
    inputs: () => ({ registration: "open", serverCreation: "everyone" }),
    ...forAdministrators,
  },
  announce: { inputs: () => ({ text: name }), ...forAdministrators },
  clearAnnouncement: { inputs: () => null, ...forAdministrators },
  getAnnouncement: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  dismissAnnouncement: {
    inputs: ({ announcementId }) => ({ id: announcementId }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  updateLook: { inputs: () => ({ name }), ...forAdministrators },
  removeInstanceIcon: { inputs: () => null, ...forAdministrators },
  getStorage: { inputs: () => null, ...forAdministrators },
  getOperations: { inputs: () => null, ...forAdministrators },
  getConfiguration: { inputs: () => ({}), ...forAdministrators },
  getInstanceLog: { inputs: () => ({}), ...forAdministrators },
  getSignInWays: { inputs: () => null, allowed: "anonymous", anonymous: "welcome", outsider: "welcome" },
  listIdentityProviders: { inputs: () => null, ...forAdministrators },
  createIdentityProvider: {
    inputs: () => ({ name, issuer: "https://id.example.org", clientId: "chat" }),
    ...forAdministrators,
  },
  updateIdentityProvider: { inputs: ({ providerId }) => ({ id: providerId, name }), ...forAdministrators },
  deleteIdentityProvider: { inputs: ({ providerId }) => ({ id: providerId }), ...forAdministrators },
  checkIdentityProvider: { inputs: ({ providerId }) => ({ id: providerId }), ...forAdministrators },
  setPasswordSignIn: { inputs: () => ({ isAllowed: true }), ...forAdministrators },
  getConnectedProviders: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  disconnectProvider: {
    inputs: ({ providerId }) => ({ id: providerId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  logout: { inputs: () => null, allowed: "alice", anonymous: 401, outsider: "welcome" },
  getSessions: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  revokeSession: {
    inputs: ({ sessionId }) => ({ sessionId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  revokeOtherSessions: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  changePassword: {
    inputs: () => ({ currentPassword: "password", newPassword: "another password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  listDataExports: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  requestDataExport: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  requestServerExport: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getAccountDeletion: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  scheduleAccountDeletion: {
    inputs: () => ({ password: "password", messages: "keep" as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  cancelAccountDeletion: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  deleteAccount: {
    inputs: () => ({ password: "password" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getServers: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  orderServers: {
    inputs: ({ serverId }) => ({ serverIds: [serverId] }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  createServer: { inputs: () => ({ name }), allowed: "bob", anonymous: 401, outsider: "welcome" },
  renameServer: {
    inputs: ({ serverId }) => ({ serverId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  deleteServer: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  getMembers: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  leaveServer: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  removeMember: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getAuditLog: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  getJoinSettings: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  updateJoinSettings: {
    inputs: ({ serverId }) => ({ serverId, rules: "Be kind" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getJoining: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  acceptRules: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  answerQuestions: {
    inputs: ({ serverId }) => ({ serverId, answers: {} }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  lockServer: {
    inputs: ({ serverId }) => ({ serverId, minutes: 5 }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  unlockServer: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  reportMessage: {
    inputs: ({ messageId }) => ({ messageId, reason: "Advertising" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getMyReports: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  getReports: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  getReport: { inputs: ({ reportId }) => ({ reportId }), allowed: "alice", anonymous: 401, outsider: 404 },
  claimReport: { inputs: ({ reportId }) => ({ reportId }), allowed: "alice", anonymous: 401, outsider: 404 },
  closeReport: {
    inputs: ({ reportId }) => ({ reportId, outcome: "dismissed" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getAutomodRules: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  createAutomodRule: {
    inputs: ({ serverId }) => ({
      serverId,
      name,
      trigger: { kind: "invites" },
      actions: [{ kind: "block" }],
    }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  updateAutomodRule: {
    inputs: ({ ruleId }) => ({ ruleId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  deleteAutomodRule: {
    inputs: ({ ruleId }) => ({ ruleId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  testAutomodRule: {
    inputs: ({ serverId }) => ({ serverId, text: "hello" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getBans: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  banMember: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  banMembers: {
    inputs: ({ serverId, bobId }) => ({ serverId, userIds: [bobId] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  timeOutMember: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, seconds: 60 }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  endTimeout: {
    inputs: ({ serverId, timedOutId }) => ({ serverId, userId: timedOutId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getTimeouts: { inputs: ({ serverId }) => ({ serverId }), allowed: "alice", anonymous: 401, outsider: 403 },
  getServerRetention: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getChannelRetention: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  previewServerRetention: {
    inputs: ({ serverId }) => ({ serverId, messageDays: 90, fileDays: null }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  previewChannelRetention: {
    inputs: ({ channelId }) => ({ channelId, messageDays: 90, fileDays: null }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setServerRetention: {
    inputs: ({ serverId }) => ({ serverId, messageDays: 90, fileDays: null }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setChannelRetention: {
    inputs: ({ channelId }) => ({ channelId, messageDays: 90, fileDays: null }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setSlowMode: {
    inputs: ({ channelId }) => ({ channelId, seconds: 30 }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  lockChannel: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  unlockChannel: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  bulkDeleteMessages: {
    inputs: ({ channelId, messageId }) => ({ channelId, messageIds: [messageId] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  purgeMessages: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, limit: 10 }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setNickname: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, nickname: "Bobby" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  undoAct: { inputs: ({ undoId }) => ({ undoId }), allowed: "alice", anonymous: 401, outsider: 403 },
  unbanMember: {
    inputs: ({ serverId, doraId }) => ({ serverId, userId: doraId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  explainPermissions: {
    inputs: ({ channelId, bobId }) => ({ channelId, userId: bobId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  viewServerAs: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  previewPermissionChange: {
    inputs: ({ serverId }) => ({ serverId, change: { kind: "role", roleId: serverId, permissions: "0" } }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getBots: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  createBot: { inputs: () => ({ username: "helper" }), allowed: "bob", anonymous: 401, outsider: "welcome" },
  deleteBot: { inputs: ({ botId }) => ({ botId }), allowed: "alice", anonymous: 401, outsider: 404 },
  createBotToken: { inputs: ({ botId }) => ({ botId }), allowed: "alice", anonymous: 401, outsider: 404 },
  revokeBotToken: { inputs: ({ tokenId }) => ({ tokenId }), allowed: "alice", anonymous: 401, outsider: 404 },
  addBot: {
    inputs: ({ serverId, botId }) => ({ serverId, botId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getRoles: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  createRole: {
    inputs: ({ serverId }) => ({ serverId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  updateRole: {
    inputs: ({ serverId, roleId }) => ({ serverId, roleId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  deleteRole: {
    inputs: ({ serverId, roleId }) => ({ serverId, roleId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  moveRoles: {
    inputs: ({ serverId, roleId }) => ({ serverId, positions: [{ id: roleId, position: 2 }] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  giveRole: {
    inputs: ({ serverId, roleId, bobId }) => ({ serverId, roleId, userId: bobId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  takeRole: {
    inputs: ({ serverId, roleId, bobId }) => ({ serverId, roleId, userId: bobId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getOverwrites: {
    inputs: ({ serverId, channelId }) => ({ serverId, channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setOverwrite: {
    inputs: ({ serverId, channelId, bobId }) => ({
      ...{ serverId, channelId, id: bobId, type: 1, allow: "0", deny: "2048" },
    }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  deleteOverwrite: {
    inputs: ({ serverId, channelId, roleId }) => ({ serverId, channelId, id: roleId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  syncOverwrites: {
    inputs: ({ serverId, groupedId }) => ({ serverId, channelId: groupedId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getChannels: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  createChannel: {
    inputs: ({ serverId }) => ({ serverId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  renameChannel: {
    inputs: ({ channelId }) => ({ channelId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  deleteChannel: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getArchivedChannels: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  updateChannel: {
    inputs: ({ channelId }) => ({ channelId, topic: "News" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  setChannelAccess: {
    inputs: ({ channelId }) => ({ channelId, isPrivate: true }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  archiveChannel: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  unarchiveChannel: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getCategories: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  createCategory: {
    inputs: ({ serverId }) => ({ serverId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  renameCategory: {
    inputs: ({ categoryId }) => ({ categoryId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  deleteCategory: {
    inputs: ({ categoryId }) => ({ categoryId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  collapseCategory: {
    inputs: ({ categoryId }) => ({ categoryId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  expandCategory: {
    inputs: ({ categoryId }) => ({ categoryId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  moveChannels: {
    inputs: ({ serverId, channelId }) => ({
      serverId,
      channels: [{ id: channelId, position: 3, categoryId: null }],
    }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  updateServer: {
    inputs: ({ serverId }) => ({ serverId, description: "New" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  removeServerIcon: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  removeServerBanner: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getSystemChannel: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  setSystemChannel: {
    inputs: ({ serverId }) => ({ serverId, channelId: null }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  getTransfer: {
    inputs: ({ serverId }) => ({ serverId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  transferServer: {
    inputs: ({ serverId, bobId }) => ({ serverId, userId: bobId, name: "Lab" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  acceptServer: {
    inputs: ({ offeredId }) => ({ serverId: offeredId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  cancelTransfer: {
    inputs: ({ offeredId }) => ({ serverId: offeredId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  getWebhooks: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  createWebhook: {
    inputs: ({ channelId }) => ({ channelId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  renewWebhook: {
    inputs: ({ webhookId }) => ({ webhookId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  deleteWebhook: {
    inputs: ({ webhookId }) => ({ webhookId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getOutgoingWebhooks: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  createOutgoingWebhook: {
    inputs: ({ channelId }) => ({ channelId, url: "https://hook.example/" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  retryOutgoingWebhook: {
    inputs: ({ hookId }) => ({ webhookId: hookId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  deleteOutgoingWebhook: {
    inputs: ({ hookId }) => ({ webhookId: hookId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  removePreview: {
    inputs: ({ messageId, previewId }) => ({ messageId, previewId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getInvites: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  createInvite: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  getInvite: {
    inputs: ({ code }) => ({ code }),
    allowed: "anonymous",
    anonymous: "welcome",
    outsider: "welcome",
  },
  joinServer: { inputs: ({ code }) => ({ code }), allowed: "mallory", anonymous: 401, outsider: "welcome" },
  revokeInvite: { inputs: ({ code }) => ({ code }), allowed: "alice", anonymous: 401, outsider: 404 },
  getMessages: { inputs: ({ channelId }) => ({ channelId }), allowed: "bob", anonymous: 401, outsider: 403 },
  editMessage: {
    inputs: ({ messageId }) => ({ messageId, content: "edited" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  deleteMessage: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  addReaction: {
    inputs: ({ messageId }) => ({ messageId, emoji: "👍" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  removeReaction: {
    inputs: ({ messageId }) => ({ messageId, emoji: "👍" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  toggleReaction: {
    inputs: ({ messageId }) => ({ messageId, emoji: "👍" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  votePoll: {
    inputs: ({ messageId }) => ({ messageId, answers: [1] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  togglePollVote: {
    inputs: ({ messageId }) => ({ messageId, answer: 0 }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  endPoll: { inputs: ({ messageId }) => ({ messageId }), allowed: "bob", anonymous: 401, outsider: 404 },
  getPollVoters: {
    inputs: ({ messageId }) => ({ messageId, answer: 0 }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  createThread: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getThreads: { inputs: ({ channelId }) => ({ channelId }), allowed: "bob", anonymous: 401, outsider: 403 },
  pinMessage: { inputs: ({ messageId }) => ({ messageId }), allowed: "alice", anonymous: 401, outsider: 404 },
  unpinMessage: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getPins: { inputs: ({ channelId }) => ({ channelId }), allowed: "bob", anonymous: 401, outsider: 403 },
  saveMessage: { inputs: ({ messageId }) => ({ messageId }), allowed: "bob", anonymous: 401, outsider: 404 },
  unsaveMessage: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  searchMessages: {
    inputs: () => ({ query: "hello" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getSavedMessages: { inputs: () => ({}), allowed: "bob", anonymous: 401, outsider: "welcome" },
  createReminder: {
    inputs: ({ messageId }) => ({ messageId, dueAt: tomorrow() }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getReminders: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  updateReminder: {
    inputs: ({ reminderId }) => ({ reminderId, note: "new" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  deleteReminder: {
    inputs: ({ reminderId }) => ({ reminderId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  scheduleMessage: {
    inputs: ({ channelId }) => ({ channelId, content: "later", dueAt: tomorrow() }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  getScheduledMessages: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  updateScheduledMessage: {
    inputs: ({ scheduledId }) => ({ scheduledId, content: "new" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  cancelScheduledMessage: {
    inputs: ({ scheduledId }) => ({ scheduledId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  sendScheduledMessage: {
    inputs: ({ scheduledId }) => ({ scheduledId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getFeeds: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  createFeed: { inputs: ({ channelId }) => ({ channelId }), allowed: "bob", anonymous: 401, outsider: 403 },
  deleteFeed: { inputs: ({ feedId }) => ({ feedId }), allowed: "bob", anonymous: 401, outsider: 404 },
  getMissedMails: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  setMissedMails: {
    inputs: () => ({ mails: "never" as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getReactions: {
    inputs: ({ messageId }) => ({ messageId, emoji: "👍" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getMessageHistory: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getConversations: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  getPeople: { inputs: () => ({ search: "" }), allowed: "bob", anonymous: 401, outsider: "welcome" },
  openConversation: {
    inputs: ({ bobId }) => ({ userIds: [bobId] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 403,
  },
  addToConversation: {
    inputs: ({ groupId, bobId }) => ({ conversationId: groupId, userIds: [bobId] }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  renameConversation: {
    inputs: ({ groupId }) => ({ conversationId: groupId, name }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  leaveConversation: {
    inputs: ({ groupId }) => ({ conversationId: groupId }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getNotificationLevels: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  setNotificationLevels: {
    inputs: ({ serverId }) => ({ serverId, level: "everything" as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  muteNotifications: {
    inputs: ({ categoryId }) => ({ categoryId, minutes: 60 as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  unmuteNotifications: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  getNotificationSettings: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  updateNotificationSettings: {
    inputs: () => ({ keywords: ["tea"] }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getSettings: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  updateSettings: {
    inputs: () => ({ theme: "dark" as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getProfile: { inputs: ({ bobId }) => ({ userId: bobId }), allowed: "alice", anonymous: 401, outsider: 404 },
  updateProfile: {
    inputs: () => ({ displayName: "Somebody" }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  setAvatar: { inputs: ({ fileId }) => ({ fileId }), allowed: "bob", anonymous: 401, outsider: 404 },
  removeAvatar: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  setStatus: { inputs: () => ({ text: "here" }), allowed: "bob", anonymous: 401, outsider: "welcome" },
  setPresence: {
    inputs: () => ({ presence: "idle" as const }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  getNote: { inputs: ({ bobId }) => ({ userId: bobId }), allowed: "alice", anonymous: 401, outsider: 404 },
  setNote: {
    inputs: ({ bobId }) => ({ userId: bobId, text: "a note" }),
    allowed: "alice",
    anonymous: 401,
    outsider: 404,
  },
  getBlockedUsers: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  blockUser: { inputs: ({ bobId }) => ({ userId: bobId }), allowed: "alice", anonymous: 401, outsider: 404 },
  unblockUser: {
    inputs: ({ doraId }) => ({ userId: doraId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  getInbox: { inputs: () => ({}), allowed: "bob", anonymous: 401, outsider: "welcome" },
  markDone: {
    inputs: ({ messageId }) => ({ messageId, reason: "mention" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  markUndone: {
    inputs: ({ messageId }) => ({ messageId, reason: "reply" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  markItemUnread: {
    inputs: ({ messageId }) => ({ messageId, reason: "reply" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  markAllRead: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  undoMarkAllRead: {
    inputs: ({ markedId }) => ({ undoId: markedId }),
    allowed: "bob",
    anonymous: 401,
    outsider: "welcome",
  },
  followThread: {
    inputs: ({ threadId }) => ({ channelId: threadId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  unfollowThread: {
    inputs: ({ threadId }) => ({ channelId: threadId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  getFollowedThreads: { inputs: () => ({}), allowed: "bob", anonymous: 401, outsider: "welcome" },
  getUnread: { inputs: () => null, allowed: "bob", anonymous: 401, outsider: "welcome" },
  markChannelRead: {
    inputs: ({ channelId }) => ({ channelId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
  markServerRead: { inputs: ({ serverId }) => ({ serverId }), allowed: "bob", anonymous: 401, outsider: 403 },
  markUnread: {
    inputs: ({ messageId }) => ({ messageId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  describeFile: {
    inputs: ({ fileId }) => ({ fileId, alt: "a cat" }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  discardFile: {
    inputs: ({ fileId }) => ({ fileId }),
    allowed: "bob",
    anonymous: 401,
    outsider: 404,
  },
  markRead: {
    inputs: ({ channelId }) => ({ channelId, position: 1 }),
    allowed: "bob",
    anonymous: 401,
    outsider: 403,
  },
}
