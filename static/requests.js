/**
 * Sends a form to a path of this site and asks for JSON. Rejects without a connection.
 * @param {string} path
 * @param {Record<string, string>} fields
 */
export function post(path, fields = {}) {
  return fetch(path, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(fields),
  })
}
