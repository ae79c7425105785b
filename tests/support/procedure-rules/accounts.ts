import { appCode } from "../second-factors.ts"
import {
  byAdministrators,
  byAll,
  byBob,
  byOwner,
  bySignedIn,
  deviceId,
  factorCodes,
  loginStep,
  newName,
  type Rules,
  recoveryCode,
  verificationToken,
} from "./rule.ts"

/** Accounts: signing in, sessions, second factors, and leaving. */
export const accountRules = {
  login: { inputs: () => ({ username: "alice", password: "password" }), ...byAll },
  signUp: { inputs: () => ({ username: "emil", password: "password" }), ...byAll },
  recoverAccount: {
    inputs: () => ({ username: "bob", recoveryCode, newPassword: "another password" }),
    ...byAll,
  },
  getRecovery: { inputs: () => null, ...bySignedIn },
  changeUsername: { inputs: () => ({ username: "robert", password: "password" }), ...bySignedIn },
  renewRecoveryCode: { inputs: () => ({ password: "password" }), ...bySignedIn },
  // Bob has an address and the link for another one.
  getEmailAddress: { inputs: () => null, ...bySignedIn },
  setEmailAddress: { inputs: () => ({ address: "new@example.org", password: "password" }), ...bySignedIn },
  verifyEmailAddress: { inputs: () => ({ token: verificationToken }), ...byAll },
  removeEmailAddress: { inputs: () => ({ password: "password" }), ...bySignedIn, outsider: 404 },
  requestPasswordReset: { inputs: () => ({ account: "bob" }), ...byAll },
  getPasskeys: { inputs: () => null, ...bySignedIn },
  beginPasskey: { inputs: () => null, ...bySignedIn },
  // Bob's.
  addPasskey: { inputs: ({ passkeys }) => ({ ...passkeys.adding, name: newName }), ...byBob },
  renamePasskey: { inputs: ({ passkeys: { id } }) => ({ id, name: newName }), ...byBob },
  removePasskey: { inputs: ({ passkeys: { id } }) => ({ id }), ...byBob },
  getSignUpWork: { inputs: () => null, ...byAll },
  // Only bob has one.
  beginPasskeyConfirmation: { inputs: () => null, ...byBob },
  confirmByPasskey: { inputs: ({ passkeys }) => passkeys.confirming, ...byBob, outsider: 403 },
  beginPasskeyLogin: { inputs: () => ({ loginStep: null }), ...byAll },
  loginWithPasskey: { inputs: ({ passkeys }) => passkeys.login, ...byAll },
  completeLogin: { inputs: () => ({ step: loginStep, code: factorCodes[0] }), ...byAll },
  getSecondFactor: { inputs: () => null, ...bySignedIn },
  beginAuthenticator: { inputs: () => ({ password: "password" }), ...bySignedIn, allowed: "alice" },
  // Only the owner has begun to set one up.
  confirmAuthenticator: { inputs: () => ({ code: appCode() }), ...byOwner, outsider: 404 },
  // Only bob has one.
  removeAuthenticator: { inputs: () => ({ password: "password", code: factorCodes[1] }), ...byBob },
  renewBackupCodes: { inputs: () => null, ...bySignedIn, outsider: 400 },
  revokeTrustedDevice: { inputs: () => ({ id: deviceId }), ...byBob },
  confirmIdentity: { inputs: () => ({ password: "password" }), ...bySignedIn },
  getSecondFactorRule: { inputs: () => null, ...byAdministrators },
  setSecondFactorRule: { inputs: () => ({ needsSecondFactor: false }), ...byAdministrators },
  logout: { inputs: () => null, ...bySignedIn, allowed: "alice" },
  getSessions: { inputs: () => null, ...bySignedIn },
  revokeSession: { inputs: ({ sessionId }) => ({ sessionId }), ...byBob },
  revokeOtherSessions: { inputs: () => null, ...bySignedIn },
  changePassword: {
    inputs: () => ({ currentPassword: "password", newPassword: "another password" }),
    ...bySignedIn,
  },
  listDataExports: { inputs: () => null, ...bySignedIn },
  requestDataExport: { inputs: () => null, ...bySignedIn },
  requestServerExport: { inputs: ({ serverId }) => ({ serverId }), ...byOwner },
  getAccountDeletion: { inputs: () => null, ...bySignedIn },
  scheduleAccountDeletion: {
    inputs: () => ({ password: "password", messages: "keep" as const }),
    ...bySignedIn,
  },
  cancelAccountDeletion: { inputs: () => null, ...bySignedIn },
  deleteAccount: { inputs: () => ({ password: "password" }), ...bySignedIn },
} satisfies Partial<Rules>
