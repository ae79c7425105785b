import { z } from "zod"
import { allPermissions } from "./permissions/bits.ts"

/**
 * A set of permissions: the sum of their bits as a decimal string, as in Discord's API. Bits that this chat does not use,
 * such as those of voice, are stored and do nothing; bits above 52 do not exist.
 */
export const PermissionSet = z
  .string()
  .regex(/^\d{1,16}$/, "Permissions are the sum of their bits, as a decimal number")
  .refine((text) => BigInt(text) <= allPermissions, "There are no such permissions")
  // Without leading zeros, so that equal sets are equal texts.
  .overwrite((text) => (/^\d{1,16}$/.test(text) ? String(BigInt(text)) : text))
