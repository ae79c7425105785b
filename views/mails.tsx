import { escapeHtml } from "@kitajs/html"

interface MailProps {
  /** The instance's name. */
  chat: string
  to: string
  subject: string
  /** In order. They are escaped. */
  paragraphs: string[]
  link?: { text: string; url: string }
  /** Below the link. */
  closing?: string
  /** At the very end: how to get no more of them. */
  endLink?: { text: string; url: string }
}

/** A message as plain text and as HTML that says the same, without pictures: nothing tells that it was opened. */
export function mailOf({ chat, to, subject, paragraphs, link, closing, endLink }: MailProps) {
  const end = closing ? [closing] : []
  const textOf = (shown?: { text: string; url: string }) => (shown ? [`${shown.text}:\n${shown.url}`] : [])
  const text = [...paragraphs, ...textOf(link), ...end, ...textOf(endLink), `-- \n${chat}`]
  const html = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title safe>{subject}</title>
      </head>
      <body>
        {paragraphs.map((paragraph) => (
          <p safe>{paragraph}</p>
        ))}
        {link !== undefined && (
          <p>
            <a href={escapeHtml(link.url)} safe>
              {link.text}
            </a>
            <br />
            <small safe>{link.url}</small>
          </p>
        )}
        {end.map((paragraph) => (
          <p safe>{paragraph}</p>
        ))}
        {endLink !== undefined && (
          <p>
            <a href={escapeHtml(endLink.url)} safe>
              {endLink.text}
            </a>
          </p>
        )}
        <hr />
        <p safe>{chat}</p>
      </body>
    </html>
  )
  return { to, subject, text: `${text.join("\n\n")}\n`, html: `<!doctype html>${html}` }
}
