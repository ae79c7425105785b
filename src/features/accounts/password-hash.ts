/** Hashes a password with argon2id. Takes tens of milliseconds of another thread on purpose. */
export function hashPassword(password: string): Promise<string> {
  return Bun.password.hash(password, "argon2id")
}

/** Whether a hash is of that password. */
export function verifyPassword(password: string, hash: string): Promise<boolean> {
  return Bun.password.verify(password, hash)
}
