/**
 * What differs on a page by who looks at it, as a style sheet: fragments are the same bytes for everyone, so
 * "mine" is a rule and not a rendering. Nothing secret is in it. `undefined` when the file's name is no id.
 */
export function viewerStyles(file: string): Response | undefined {
  const id = file.match(/^([\w-]{1,64})\.css$/)?.[1]
  if (!id) return undefined

  const own = `[data-author="${id}"]`
  const rules = [`.typist${own} { display: none }`]
  return new Response(rules.join("\n"), {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "private, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
    },
  })
}
